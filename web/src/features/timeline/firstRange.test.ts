import { expect, it } from "vitest";

import { HOUR_US, MINUTE_US } from "../../text/time";
import { firstRange } from "./firstRange";

const NOW = 1_795_367_045_000_000;

it("the last hour is shown of an old camera, and little more than there is of a new one", () => {
  const old = firstRange(NOW, NOW, NOW - 100 * HOUR_US);
  const young = firstRange(NOW, NOW, NOW - 20 * MINUTE_US);
  const new_ = firstRange(NOW, NOW, NOW - MINUTE_US);

  expect(old.toUs - old.fromUs).toBe(HOUR_US);
  expect(young.toUs - young.fromUs).toBeCloseTo(30 * MINUTE_US, 0);
  expect(new_.toUs - new_.fromUs).toBe(5 * MINUTE_US);
  for (const { fromUs, toUs } of [old, young, new_]) expect((NOW - fromUs) / (toUs - fromUs)).toBeCloseTo(0.9, 6);
});

it("a moment before that is in the middle", () => {
  const at = NOW - 5 * HOUR_US;

  expect(firstRange(at, NOW, NOW - 100 * HOUR_US)).toEqual({ fromUs: at - HOUR_US / 2, toUs: at + HOUR_US / 2 });
});
