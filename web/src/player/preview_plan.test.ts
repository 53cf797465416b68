import { expect, test } from "vitest";

import { nearestFirst, previewPieces, STEPS_A_PIECE } from "./preview_plan";

const HOUR = 3600e6;

test("a range is covered by pieces on a grid, so that a small move needs the same ones", () => {
  const [pieces, moved] = [previewPieces({ fromUs: 10 * HOUR, toUs: 11 * HOUR }, 99 * HOUR), 60e6].map((found) =>
    typeof found === "number"
      ? previewPieces({ fromUs: 10 * HOUR + found, toUs: 11 * HOUR + found }, 99 * HOUR)
      : found,
  );

  expect(pieces?.map(({ fromUs }) => fromUs / HOUR)).toEqual([10, 10.5]);
  expect(moved?.slice(0, 2)).toEqual(pieces);
  expect(pieces?.every(({ fromUs, toUs, stepUs }) => toUs - fromUs === stepUs * STEPS_A_PIECE)).toBe(true);
});

test.each([60e6, HOUR, 24 * HOUR, 31 * 24 * HOUR])("%d microseconds need a bounded number of pictures", (span) => {
  const steps = previewPieces({ fromUs: 0, toUs: span }, Infinity).length * STEPS_A_PIECE;

  expect(steps).toBeGreaterThanOrEqual(30);
  expect(steps).toBeLessThanOrEqual(400);
});

test("what lies in the future is not asked for", () => {
  expect(previewPieces({ fromUs: 10 * HOUR, toUs: 11 * HOUR }, 10.2 * HOUR)).toHaveLength(1);
});

test("what a person looks at comes first", () => {
  const pieces = previewPieces({ fromUs: 0, toUs: 24 * HOUR }, Infinity);

  expect(nearestFirst(pieces, 23 * HOUR)[0]).toEqual(pieces.at(-1));
});
