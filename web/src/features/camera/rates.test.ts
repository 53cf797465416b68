import { expect, it } from "vitest";

import { besideRate, shuttled } from "./rates";

const pressed = (rate: number, ways: (1 | -1)[]) => ways.map((way) => (rate = shuttled(rate, way)));

it("J turns back and L forwards, each again faster, up to what there is", () => {
  expect(pressed(1, [-1, -1, -1, -1])).toEqual([-1, -2, -4, -4]);
  expect(pressed(-2, [1, 1, 1, 1, 1, 1, 1])).toEqual([1, 2, 4, 8, 16, 32, 32]);
  expect(pressed(0.25, [1])).toEqual([1]);
});

it("speeds follow each other from backwards to fast", () => {
  expect([besideRate(1, -1), besideRate(0.125, -1), besideRate(32, 1), besideRate(-4, -1)]).toEqual([0.5, -1, 32, -4]);
});
