import { expect, it } from "vitest";

import { areasOf, isRectangle, movedArea, newArea, withCorner, withCornerAfter, withoutCorner } from "./areas";

it("a new area is a rectangle in the middle of the picture, beside the one before it", () => {
  const first = newArea([], "color");
  const second = newArea([{ ...first, kind: "blur" }], "color");

  expect(isRectangle(first)).toBe(true);
  expect(first.points).toEqual([
    [0.375, 0.375],
    [0.625, 0.375],
    [0.625, 0.625],
    [0.375, 0.625],
  ]);
  expect(second.points).not.toEqual(first.points);
  expect(second.kind).toBe("blur");
});

it("a rectangle that is pulled at a corner stays a rectangle", () => {
  const pulled = withCorner(newArea([], "color"), 0, [0.1, 0.2], false);

  expect(isRectangle(pulled)).toBe(true);
  expect(pulled.points[0]).toEqual([0.1, 0.2]);
  expect(pulled.points[2]).toEqual([0.625, 0.625]);
});

it("a corner may go its own way where that is wished", () => {
  const pulled = withCorner(newArea([], "color"), 0, [0.1, 0.2], true);

  expect(isRectangle(pulled)).toBe(false);
  expect(pulled.points[1]).toEqual([0.625, 0.375]);
});

it("nothing leaves the picture", () => {
  const area = newArea([], "color");

  expect(withCorner(area, 2, [7, -3], true).points[2]).toEqual([1, 0]);
  expect(movedArea(area, -9, 9).points).toEqual([
    [0, 0.75],
    [0.25, 0.75],
    [0.25, 1],
    [0, 1],
  ]);
});

it("corners come and go, but never fewer than three", () => {
  const more = withCornerAfter(newArea([], "color"), 3);
  expect(more.points).toHaveLength(5);
  expect(more.points[4]).toEqual([0.375, 0.5]);

  const three = withoutCorner(withoutCorner(more, 4), 0);

  expect(withoutCorner(three, 0)).toBe(three);
});

it("what is no area is left out", () => {
  const area = newArea([], "color");

  expect(
    areasOf([
      area,
      null,
      { points: [[0, 0]] },
      {
        points: [
          [0, 0],
          [1, 0],
          ["x", 1],
        ],
      },
    ]),
  ).toEqual([area]);
  expect(areasOf("nothing")).toEqual([]);
});
