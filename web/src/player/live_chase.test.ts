import { expect, test } from "vitest";

import { LiveChase } from "./live_chase";

test("live starts just before the newest picture", () => {
  expect(new LiveChase().step([[0, 2]], 0)).toEqual({ do: "seek", toS: 1.95 });
});

test("nothing is done while nothing is buffered", () => {
  expect(new LiveChase().step([], 0)).toBeNull();
});

test("the speed follows the distance to the newest picture", () => {
  const chase = new LiveChase();
  chase.step([[0, 2]], 0);

  const rates = [1.7, 1.85, 1.95].map((current) => chase.step([[0, 2]], current));

  expect(rates).toEqual([1.05, 1, 0.97].map((rate) => ({ do: "rate", rate })));
});

test("a hole, or two seconds too much, is crossed at once", () => {
  const chase = new LiveChase();
  chase.step([[0, 2]], 0);

  const overHole = chase.step(
    [
      [0, 2],
      [3, 3.04],
    ],
    1.9,
  );

  expect(overHole).toEqual({ do: "seek", toS: 3 });
  expect(chase.step([[0, 9]], 2)).toEqual({ do: "seek", toS: 9 - 0.15 });
});

test("each stall doubles the distance, but not for the first burst, nor twice a second, nor beyond bounds", () => {
  const chase = new LiveChase();
  chase.step([[0, 2]], 0);
  const targets = [];

  for (const nowMs of [100, 900, 1200, 1300, 3000, 5000, 7000]) {
    chase.stalled(nowMs);
    targets.push(chase.targetS);
  }

  expect(targets).toEqual([0.15, 0.15, 0.3, 0.3, 0.6, 1.2, 1.2]);
});
