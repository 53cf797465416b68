import { expect, it } from "vitest";

import { Resampler } from "./resampler";

const tone = (hertz: number, rate: number, seconds: number) =>
  Float32Array.from({ length: rate * seconds }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));

function converted(input: Float32Array, from: number, to: number, block: number): Float32Array {
  const resampler = new Resampler(from, to);
  const found: number[] = [];
  for (let at = 0; at < input.length; at += block) found.push(...resampler.convert(input.subarray(at, at + block)));
  return Float32Array.from(found);
}

const loudness = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);

it("speech keeps its loudness, and as many samples come out as the new rate has", () => {
  const found = converted(tone(800, 48_000, 1), 48_000, 8000, 128);

  expect(found.length).toBeGreaterThan(7980);
  expect(found.length).toBeLessThanOrEqual(8000);
  expect(loudness(found.subarray(100))).toBeCloseTo(Math.SQRT1_2, 2);
});

it("what the new rate can't carry is silent, not heard as another tone", () => {
  const found = converted(tone(7000, 48_000, 1), 48_000, 8000, 128);

  expect(loudness(found.subarray(100))).toBeLessThan(0.01);
});

it("blocks leave no seams: the same comes out whatever their size, at a rate that divides badly too", () => {
  const input = tone(440, 44_100, 0.2);

  const whole = converted(input, 44_100, 8000, input.length);
  const pieces = converted(input, 44_100, 8000, 128);

  expect(pieces.length).toBe(whole.length);
  for (const [i, sample] of pieces.entries()) expect(sample).toBeCloseTo(whole[i] ?? NaN, 5);
});
