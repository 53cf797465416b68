import { expect, it } from "vitest";

import { bounded, centre, MAX_SCALE, movedBy, pinched, type Point, type View, whole, zoomedAt } from "./zoom";

/** Where a point of the picture is seen. */
const seen = (view: View, point: Point) => ({ x: point.x * view.scale + view.x, y: point.y * view.scale + view.y });

it("what lies under the pointer stays there", () => {
  const pointer = { x: 0.7, y: 0.3 };

  const view = zoomedAt(whole, pointer, 2);

  expect(seen(view, pointer).x).toBeCloseTo(0.7);
  expect(seen(view, pointer).y).toBeCloseTo(0.3);
});

it("nothing beside the picture is ever shown", () => {
  const wishes = [movedBy(zoomedAt(whole, centre, 3), 9, -9), bounded({ scale: 0.1, x: 5, y: -5 }), whole];
  for (const view of wishes) {
    expect(seen(view, { x: 0, y: 0 }).x).toBeLessThanOrEqual(0);
    expect(seen(view, { x: 1, y: 1 }).x).toBeGreaterThanOrEqual(1);
    expect(seen(view, { x: 0, y: 0 }).y).toBeLessThanOrEqual(0);
    expect(seen(view, { x: 1, y: 1 }).y).toBeGreaterThanOrEqual(1);
  }
});

it("zooming out comes back to the whole picture", () => {
  const view = zoomedAt(zoomedAt(whole, { x: 0.9, y: 0.1 }, 4), { x: 0.2, y: 0.8 }, 0.01);

  expect(view.scale).toBe(1);
  expect(view.x).toBeCloseTo(0);
  expect(view.y).toBeCloseTo(0);
});

it("there is a nearest", () => {
  expect(zoomedAt(whole, centre, 1e6).scale).toBe(MAX_SCALE);
});

it("two fingers carry what lies between them", () => {
  const start = zoomedAt(whole, centre, 2);
  const between = { x: 0.5, y: 0.5 };

  const view = pinched(start, between, { x: 0.6, y: 0.45 }, 1.5);

  expect(seen(view, between).x).toBeCloseTo(0.6);
  expect(seen(view, between).y).toBeCloseTo(0.45);
});
