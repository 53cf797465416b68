import { expect, it } from "vitest";

import type { Camera, Recorder } from "./gen";
import { applyChange, createQueryClient, keys } from "./queries";

const camera = (id: string, name = id): Camera => ({
  id,
  name,
  enabled: true,
  sound: false,
  url: "rtsp://10.0.0.9",
  sub_url: "",
  user: "",
  added_at: "2026-11-22T12:00:00Z",
  depth_days: null,
  state: { phase: "online", since: "2026-11-22T12:00:00Z", title: "", remedy: "", kind: "", retry_at: null },
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
