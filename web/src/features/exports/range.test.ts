import { expect, it } from "vitest";

import { HOUR_US, MINUTE_US, SECOND_US } from "../../text/time";
import { around, rangeError } from "./range";

const NOW = 1_795_000_000_000_000;

it("a range of 3 seconds to 24 hours in the past can be exported", () => {
  expect(rangeError({ fromUs: NOW - 3 * SECOND_US, toUs: NOW }, NOW)).toBeNull();
  expect(rangeError({ fromUs: NOW - 24 * HOUR_US, toUs: NOW }, NOW)).toBeNull();
});

it("what is wrong with a range is said", () => {
  const t = (fromUs: number | null, toUs: number | null) => rangeError({ fromUs, toUs }, NOW);

  expect(t(null, NOW)).toBe("Give a start and an end.");
  expect(t(NOW, NOW - 1)).toBe("The end must be after the start.");
  expect(t(NOW - 2 * SECOND_US, NOW)).toBe("At least 3 seconds.");
  expect(t(NOW - 25 * HOUR_US, NOW)).toBe("At most 24 hours at a time.");
  expect(t(NOW, NOW + 2 * MINUTE_US)).toBe("The end lies in the future.");
});

it("a hold may be of any length", () => {
  expect(rangeError({ fromUs: NOW - 1000 * HOUR_US, toUs: NOW }, NOW, false)).toBeNull();
});

it("the minute to come may be asked for: the recorder waits for it", () => {
  expect(rangeError({ fromUs: NOW - MINUTE_US, toUs: NOW + 30 * SECOND_US }, NOW)).toBeNull();
});

it("around a moment there is as much as has happened", () => {
  const quarter = 15 * MINUTE_US;

  expect(around(NOW - HOUR_US, quarter, quarter, NOW)).toEqual({
    fromUs: NOW - HOUR_US - quarter,
    toUs: NOW - HOUR_US + quarter,
  });
  expect(around(NOW - MINUTE_US, quarter, quarter, NOW)).toEqual({ fromUs: NOW - MINUTE_US - quarter, toUs: NOW });
});
