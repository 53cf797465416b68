import { afterEach, expect, test, vi } from "vitest";

import { Capability, chosenEngine } from "./capability";
import type { VideoDescription } from "./mp4";

const TRACK = { codecString: "avc1.640028", width: 1, height: 1, configuration: new Uint8Array() } as VideoDescription;
const DAY_MS = 24 * 3600 * 1000;

function browser(o: { webcodecs: boolean; mse: boolean }): void {
  vi.stubGlobal("MediaSource", { isTypeSupported: () => o.mse });
  vi.stubGlobal("VideoDecoder", { isConfigSupported: () => Promise.resolve({ supported: o.webcodecs }) });
}

function storage(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => void kept.set(name, value) };
}

afterEach(() => void vi.unstubAllGlobals());

test("the browser is asked once for each codec string", async () => {
  browser({ webcodecs: true, mse: false });
  const capability = new Capability(null, () => 0);

  expect(capability.known(TRACK)).toBeNull();
  await capability.ask(TRACK);

  expect(capability.known(TRACK)).toEqual({ webcodecs: true, mse: false });
});

test("a browser without WebCodecs has Media Source left", async () => {
  browser({ webcodecs: true, mse: true });
  vi.stubGlobal("VideoDecoder", undefined);
  Reflect.deleteProperty(globalThis, "VideoDecoder");

  expect(await new Capability(null, () => 0).ask(TRACK)).toEqual({ webcodecs: false, mse: true });
});

test("MJPEG is drawn wherever there is a canvas, also without WebCodecs", async () => {
  browser({ webcodecs: false, mse: false });
  const jpeg = { ...TRACK, codec: "mjpeg", codecString: "mp4v.6C" } as VideoDescription;

  expect(await new Capability(null, () => 0).ask(jpeg)).toEqual({ webcodecs: true, mse: false });
});

test("a failure is remembered across pages, for a day, for that engine and string", async () => {
  browser({ webcodecs: true, mse: true });
  const kept = storage();
  let nowMs = 1000;
  new Capability(kept, () => nowMs).markUnplayable("webcodecs", TRACK.codecString);

  const soon = await new Capability(kept, () => nowMs).ask(TRACK);
  const other = await new Capability(kept, () => nowMs).ask({ ...TRACK, codecString: "avc1.42c01f" });
  nowMs += DAY_MS + 1;
  const later = await new Capability(kept, () => nowMs).ask(TRACK);

  expect([soon, other, later].map((support) => support.webcodecs)).toEqual([false, true, true]);
  expect(soon.mse).toBe(true);
});

test("storage that is forbidden or spoiled does no harm", async () => {
  browser({ webcodecs: true, mse: true });
  const forbidden = {
    getItem: () => "{spoiled",
    setItem: () => {
      throw new DOMException("no", "SecurityError");
    },
  };
  const capability = new Capability(forbidden, () => 0);

  capability.markUnplayable("webcodecs", TRACK.codecString);

  expect((await capability.ask(TRACK)).webcodecs).toBe(false);
});

test("the engine preferred is taken where it plays, else the other, else none", () => {
  expect(chosenEngine({ webcodecs: true, mse: true }, "mse")).toBe("mse");
  expect(chosenEngine({ webcodecs: true, mse: false }, "mse")).toBe("webcodecs");
  expect(chosenEngine({ webcodecs: false, mse: false }, "mse")).toBeNull();
});
