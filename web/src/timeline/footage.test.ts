import { expect, test } from "vitest";

import { bars, gapAt, gapNear, type Mark, markNear, oldest, type Piece } from "./footage";

const GAP = { fromUs: 100, toUs: 110, reason: "disk", title: "The disk was full." };
const PIECE: Piece = {
  fromUs: 0,
  toUs: 200,
  spans: [
    { fromUs: 50, toUs: 100, kind: "continuous" },
    { fromUs: 110, toUs: 200, kind: "continuous" },
  ],
  gaps: [GAP],
};
const VIEW = { width: 100, thinnest: 1 };

test("a gap is found from its first moment to before its last", () => {
  expect([99, 100, 109, 110].map((us) => gapAt([PIECE], us))).toEqual([null, GAP, GAP, null]);
});

test("a gap too narrow to be hit is found beside, but not from afar", () => {
  expect(gapNear([PIECE], 113, 5)).toBe(GAP);
  expect(gapNear([PIECE], 97, 5)).toBe(GAP);
  expect(gapNear([PIECE], 116, 5)).toBeNull();
});

test("the oldest footage is that of all pieces", () => {
  expect(oldest([PIECE])).toBe(50);
  expect(oldest([])).toBeNull();
});

test("bars that touch are joined, and cut at the edges of the view", () => {
  const ranges = [
    { fromUs: -50, toUs: 10 },
    { fromUs: 10, toUs: 20 },
    { fromUs: 30, toUs: 500 },
  ];

  expect(bars(ranges, (us) => us, VIEW)).toEqual([
    { x: 0, width: 20 },
    { x: 30, width: 70 },
  ]);
});

test("what is out of view is left out, and nothing is thinner than a pixel", () => {
  const ranges = [
    { fromUs: -50, toUs: -1 },
    { fromUs: 50, toUs: 50.001 },
    { fromUs: 100, toUs: 120 },
  ];

  expect(bars(ranges, (us) => us, VIEW)).toEqual([{ x: 50, width: 1 }]);
});

test("ten thousand short spans in one pixel are one bar", () => {
  const ranges = Array.from({ length: 10_000 }, (_, index) => ({ fromUs: index / 1e5, toUs: (index + 0.5) / 1e5 }));

  expect(bars(ranges, (us) => us, VIEW)).toHaveLength(1);
});

test("a mark is found while it lasts and a little beside, and of several the one that began last", () => {
  const mark = (fromUs: number, toUs: number): Mark => ({ fromUs, toUs, kind: "motion", name: "Motion" });
  const [long, short, later] = [mark(10, 50), mark(20, 30), mark(60, 60)];
  const marks = [long, short, later];

  expect(markNear(marks, 25, 2)).toBe(short);
  expect(markNear(marks, 40, 2)).toBe(long);
  expect(markNear(marks, 58, 2)).toBe(later);
  expect(markNear(marks, 55, 2)).toBeNull();
});
