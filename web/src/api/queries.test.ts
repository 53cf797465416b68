import { expect, it } from "vitest";

import type { Camera, CameraEvent, Recorder } from "./gen";
import { applyChange, createQueryClient, keys } from "./queries";

const camera = (id: string, name = id): Camera => ({
  id,
  kind: "rtsp",
  name,
  enabled: true,
  sound: false,
  url: "rtsp://10.0.0.9",
  sub_url: "",
  user: "",
  added_at: "2026-11-22T12:00:00Z",
  depth_days: null,
  make: "",
  model: "",
  firmware: "",
  serial: "",
  mac: "",
  uuid: "",
  host: "10.0.0.9",
  transport: "automatic",
  allow_basic: false,
  fingerprint: "",
  ptz: false,
  clock_offset_s: null,
  state: { phase: "online", since: "2026-11-22T12:00:00Z", title: "", remedy: "", kind: "", retry_at: null },
  device: { phase: "none", since: "2026-11-22T12:00:00Z", title: "", remedy: "", kind: "", retry_at: null },
  streams: { main: null, sub: null },
});

function cacheWith(...cameras: Camera[]) {
  const cache = createQueryClient();
  cache.setQueryData(keys.cameras, cameras);
  return { cache, cameras: () => cache.getQueryData<Camera[]>(keys.cameras)?.map(({ name }) => name) };
}

it("a change takes its camera's place", () => {
  const { cache, cameras } = cacheWith(camera("a"), camera("b"));

  applyChange(cache, { change: "camera", value: camera("a", "Gate") });

  expect(cameras()).toEqual(["Gate", "b"]);
});

it("a new camera comes last, a removed one goes", () => {
  const { cache, cameras } = cacheWith(camera("a"));

  applyChange(cache, { change: "camera", value: camera("b") });
  applyChange(cache, { change: "camera", value: { id: "a", removed: true } });

  expect(cameras()).toEqual(["b"]);
});

it("changes before the list is known don't pretend to be the list", () => {
  const cache = createQueryClient();

  applyChange(cache, { change: "camera", value: camera("a") });

  expect(cache.getQueryData(keys.cameras)).toBeUndefined();
});

it("the recorder's word about itself is kept", () => {
  const cache = createQueryClient();
  const value = { name: "Attic" } as Recorder;

  applyChange(cache, { change: "recorder", value });

  expect(cache.getQueryData(keys.recorder)).toBe(value);
});

it("an event that is told again takes its place among the newest", () => {
  const { cache } = cacheWith();
  const event = (id: string, until: string | null): CameraEvent => ({
    id,
    camera: "a",
    kind: "motion",
    title: "Motion",
    at: "2026-11-22T12:00:00Z",
    until,
    camera_at: null,
    received_at: "2026-11-22T12:00:00Z",
    topic: "",
    source: {},
    data: {},
    classes: [],
    by: "camera",
  });

  for (const value of [event("1", null), event("2", null), event("1", "2026-11-22T12:00:05Z")]) {
    applyChange(cache, { change: "event", value });
  }

  const told = cache.getQueryData<CameraEvent[]>(keys.recentEvents);
  expect(told?.map(({ id, until }) => [id, until])).toEqual([
    ["2", null],
    ["1", "2026-11-22T12:00:05Z"],
  ]);
});
