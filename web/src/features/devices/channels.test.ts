import { describe, expect, it } from "vitest";

import type { Report, ReportedChannel, Trial } from "../../api/gen";
import { firstChoices, grown, hasSound, kept } from "./channels";

const channel = (token: string, name: string, members: Partial<ReportedChannel> = {}): ReportedChannel => ({
  channel: token,
  name,
  main: null,
  sub: null,
  ptz: false,
  added: null,
  ...members,
});

const report = (name: string, channels: ReportedChannel[]): Report => ({
  how: "onvif",
  make: "",
  model: "",
  firmware: "",
  hardware: "",
  serial: "",
  mac: "",
  uuid: "",
  name,
  address: "",
  authentication: "",
  certificate: null,
  clock: null,
  channels,
  events: [],
  inputs: 0,
  relays: 0,
  talk: false,
  metadata: false,
  analytics: false,
  storage: null,
});

const trial = (found: Report | null): Trial => ({
  id: "try_1",
  kind: "onvif",
  step: "ready",
  title: "",
  remedy: "",
  since: "2026-11-22T12:00:00Z",
  problems: [],
  tries_left: 2,
  report: found,
  channel: "0",
  state: { phase: "online", since: "2026-11-22T12:00:00Z", title: "", remedy: "", kind: "", retry_at: null },
  streams: { main: null, sub: null },
});

describe("what is kept of a device", () => {
  it("is a single channel by the device's own name", () => {
    expect(kept(firstChoices(trial(report("Gate", [channel("VS1", "VideoSource_1")]))), false)).toEqual([
      { channel: "VS1", name: "Gate", sound: false },
    ]);
  });

  it("is every channel that is not there yet, by its own name", () => {
    const nvr = trial(
      report("NVR", [channel("1", "Yard"), channel("2", "Hall", { added: "cam_1" }), channel("3", "")]),
    );

    const choices = firstChoices(nvr);

    expect(kept(choices, true)).toEqual([
      { channel: "1", name: "Yard", sound: true },
      { channel: "3", name: "", sound: true },
    ]);
    expect(choices[1]).toMatchObject({ added: true, keep: false });
  });

  it("is the channel that is watched where nothing was reported", () => {
    expect(firstChoices(trial(null))).toMatchObject([{ channel: "0", keep: true }]);
  });

  it("keeps what was typed while the report grows, unless the channels are others", () => {
    const typed = [{ channel: "VS1", title: "", keep: true, name: "Mine", added: false }];

    expect(grown(typed, trial(report("Gate", [channel("VS1", "")])))).toBe(typed);
    expect(grown(typed, trial(report("Gate", [channel("VS2", "Other")])))[0]?.name).toBe("Gate");
  });
});

it("sound is there where a channel states it", () => {
  const stream = {
    profile: "p",
    uri: "",
    codec: "h264",
    width: null,
    height: null,
    fps: null,
    bits_per_second: null,
    key_frame_s: null,
    audio: "aac",
  };

  expect(hasSound(trial(report("", [channel("1", "", { main: stream })])))).toBe(true);
  expect(hasSound(trial(null))).toBe(false);
});
