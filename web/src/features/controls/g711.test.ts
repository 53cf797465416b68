import { expect, it } from "vitest";

import { encoded, isTalkCodec } from "./g711";

/** 16-bit values and their octets, as Sun's reference coder has them. */
const KNOWN = [
  { pcm: 0, pcmu: 255, pcma: 213 },
  { pcm: 310, pcmu: 228, pcma: 198 },
  { pcm: -310, pcmu: 100, pcma: 70 },
  { pcm: 1000, pcmu: 206, pcma: 250 },
  { pcm: -1000, pcmu: 78, pcma: 122 },
  { pcm: 5000, pcmu: 171, pcma: 134 },
  { pcm: -5000, pcmu: 43, pcma: 6 },
  { pcm: 20000, pcmu: 140, pcma: 166 },
  { pcm: -20000, pcmu: 12, pcma: 38 },
  { pcm: 32767, pcmu: 128, pcma: 170 },
];

it("samples become the octets of the reference", () => {
  const samples = Float32Array.from(KNOWN, ({ pcm }) => pcm / 32_767);

  expect([...encoded("pcmu", samples)]).toEqual(KNOWN.map(({ pcmu }) => pcmu));
  expect([...encoded("pcma", samples)]).toEqual(KNOWN.map(({ pcma }) => pcma));
});

it("what is too loud is as loud as can be", () => {
  expect([...encoded("pcmu", Float32Array.of(5, -5))]).toEqual([128, 0]);
  expect([...encoded("pcma", Float32Array.of(5, -5))]).toEqual([170, 42]);
});

it("only what can be made is promised", () => {
  expect(isTalkCodec("pcma")).toBe(true);
  expect(isTalkCodec("aac")).toBe(false);
});
