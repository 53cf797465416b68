import { expect, it } from "vitest";

import { LABEL_HEIGHT, labelPlaces, labelWidth } from "./labels";

const frame = { width: 400, height: 300 };
const box = (left: number, top: number, width = 60, height = 80) => ({ left, top, width, height });

it("a label stands above its box, below where there is no room, at its side where there is neither", () => {
  const [above, below, beside] = [box(100, 100), box(100, 5), box(100, 0, 60, 300)].map(
    (each) => labelPlaces([each], [50], frame)[0],
  );

  expect(above).toEqual({ left: 100, top: 80, width: 50, height: LABEL_HEIGHT });
  expect(below).toEqual({ left: 100, top: 87, width: 50, height: LABEL_HEIGHT });
  expect(beside).toEqual({ left: 162, top: 0, width: 50, height: LABEL_HEIGHT });
});

it("no label leaves the picture, not even of a box that does or that fills it", () => {
  const places = [box(390, 100), box(-40, 250, 60, 80), box(0, 0, 400, 300), box(-50, -50, 900, 900)].map(
    (each) => labelPlaces([each], [90], frame)[0],
  );

  for (const place of places) {
    expect(place?.left).toBeGreaterThanOrEqual(0);
    expect(place?.top).toBeGreaterThanOrEqual(0);
    expect((place?.left ?? 999) + 90).toBeLessThanOrEqual(400);
    expect((place?.top ?? 999) + LABEL_HEIGHT).toBeLessThanOrEqual(300);
  }
});

it("labels of things that are close together do not lie on each other", () => {
  const [first, second] = labelPlaces([box(100, 100), box(110, 100)], [80, 80], frame);

  expect(first?.top).toBe(80);
  expect(second?.top).toBe(182);
});

it("a label does not cover the thing above its own", () => {
  const [upper, lower] = labelPlaces([box(100, 20, 60, 60), box(100, 90, 60, 60)], [50, 50], frame);

  expect(upper?.top).toBe(0);
  expect(lower?.top).toBe(152);
});

it("what is out of sight, or has no words, has no label", () => {
  expect(labelPlaces([box(500, 100), box(100, 100)], [80, 0], frame)).toEqual([null, null]);
});

it("wide letters take more room", () => {
  expect(labelWidth("車両")).toBeGreaterThan(labelWidth("ab"));
});
