import { expect, it } from "vitest";

import type { Ptz } from "../../api/gen";
import { atSpeed, isStill, isSteeringKey, stepOf, still, wayOf } from "./steering";

const ptz = (given: Partial<Ptz>): Ptz => ({
  move: false,
  zoom: true,
  to: false,
  by: false,
  home: false,
  presets: [],
  most_presets: 0,
  position: null,
  moving: null,
  ...given,
});

it("keys that are held together lead between them, opposite ones nowhere", () => {
  expect(wayOf(["ArrowLeft", "ArrowUp"])).toEqual({ pan: -1, tilt: 1, zoom: 0 });
  expect(isStill(wayOf(["ArrowLeft", "ArrowRight"]))).toBe(true);
  expect(wayOf(["+", "="])).toEqual({ pan: 0, tilt: 0, zoom: 1 });
  expect(isSteeringKey("toString")).toBe(false);
});

it("speed slows every way alike", () => {
  expect(atSpeed({ pan: -1, tilt: 1, zoom: 0 }, 0.5)).toEqual({ pan: -0.5, tilt: 0.5, zoom: 0 });
});

it("a camera that can't be held moving goes in steps, by a way or to a place", () => {
  const right = { ...still, pan: 1 };

  expect(stepOf(ptz({ by: true }), right)).toEqual({ do: "by", pan: 0.2, tilt: 0, zoom: 0 });
  expect(stepOf(ptz({ to: true, position: { pan: 0.9, tilt: null, zoom: 0 } }), { ...right, zoom: -1 })).toEqual({
    do: "to",
    pan: 1,
    tilt: null,
    zoom: 0,
  });
  expect(stepOf(ptz({ to: true }), right)).toBeNull();
});
