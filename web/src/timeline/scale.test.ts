import { expect, test } from "vitest";

import { clamped, following, MAX_SPAN_US, MIN_SPAN_US, panned, pinched, usAt, xOf, zoomed, type Scale } from "./scale";

const HOUR = 3600e6;
const NOW = Date.UTC(2026, 10, 22) * 1000;
const SCALE: Scale = { fromUs: NOW - HOUR, toUs: NOW, width: 1000 };

test("pixels and moments are each other's inverse", () => {
  expect(xOf(SCALE, usAt(SCALE, 333))).toBeCloseTo(333, 6);
});

test("zooming keeps the moment under the pointer, also at the limits", () => {
  for (const factor of [2, 0.5, 1e9, 1e-9]) {
    const range = zoomed(SCALE, 250, factor);

    expect(xOf({ ...range, width: 1000 }, usAt(SCALE, 250))).toBeCloseTo(250, 3);
    expect(range.toUs - range.fromUs).toBeGreaterThanOrEqual(MIN_SPAN_US - 1);
    expect(range.toUs - range.fromUs).toBeLessThanOrEqual(MAX_SPAN_US + 1);
  }
});

test("dragging to the right shows what was before", () => {
  expect(panned(SCALE, 100)).toEqual({ fromUs: SCALE.fromUs - HOUR / 10, toUs: SCALE.toUs - HOUR / 10 });
});

test("two fingers keep their moments", () => {
  const [a, b] = [usAt(SCALE, 400), usAt(SCALE, 500)];

  const range = pinched(1000, { us: a, x: 300 }, { us: b, x: 700 });

  expect(range && xOf({ ...range, width: 1000 }, a)).toBeCloseTo(300, 3);
  expect(range && xOf({ ...range, width: 1000 }, b)).toBeCloseTo(700, 3);
});

test("fingers that crossed or touch each other change nothing", () => {
  expect(pinched(1000, { us: 1, x: 700 }, { us: 2, x: 300 })).toBeNull();
  expect(pinched(1000, { us: 1, x: 300 }, { us: 2, x: 301 })).toBeNull();
});

test("at most half the view is future", () => {
  const range = clamped({ fromUs: NOW + 5 * HOUR, toUs: NOW + 6 * HOUR }, NOW);

  expect(range).toEqual({ fromUs: NOW - HOUR / 2, toUs: NOW + HOUR / 2 });
});

test("the view follows a play head that runs out of it, not one that was never in it", () => {
  const range = { fromUs: NOW - HOUR, toUs: NOW };

  expect(following(range, NOW - HOUR / 2, NOW - HOUR / 2 + 1)).toBeNull();
  expect(following(range, NOW + HOUR, NOW + HOUR + 1)).toBeNull();
  expect(following(range, NOW - 1e6, NOW)).toEqual({ fromUs: NOW - 0.9 * HOUR, toUs: NOW + 0.1 * HOUR });
});
