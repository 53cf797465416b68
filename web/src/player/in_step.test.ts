import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { InStep, type InStepState } from "./in_step";
import type { Player } from "./player";

const TILE = { camera: "gate", stream: "sub", hasSub: true } as const;
const playing = { kind: "playing", stream: "sub", engine: "webcodecs" } as const;
const gap = {
  kind: "gap",
  title: "",
  reason: "disk",
  from: "1970-01-01T00:01:30Z",
  to: "1970-01-01T00:02:00Z",
} as const;

/** A player that notes what it is asked for; `next` is what it answers when asked for a neighbouring picture. */
function fake(next: number | null = null) {
  const asked: unknown[][] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) =>
      void asked.push([name, ...args.slice(0, 2)]);
  const player = {
    playback: note("playback"),
    pause: note("pause"),
    resume: note("resume"),
    setRate: note("rate"),
    look: () => next,
  };
  return { player: player as unknown as Player, asked };
}

let nowMs = 0;
let states: InStepState[] = [];
beforeEach(() => {
  nowMs = 0;
  states = [];
  vi.stubGlobal("requestAnimationFrame", () => 1);
  vi.stubGlobal("cancelAnimationFrame", () => undefined);
  vi.stubGlobal("document", { addEventListener: () => undefined });
});
afterEach(() => void vi.unstubAllGlobals());

function led(fromUs: number): InStep {
  return new InStep(fromUs, { time: () => undefined, state: (state) => states.push(state) }, () => nowMs);
}

function pass(step: InStep, ms: number): void {
  for (let at = 0; at < ms; at += 100) {
    nowMs += 100;
    step.look();
  }
}

test("the clock waits for a camera that is loading, and moves once all play", () => {
  const step = led(100e6);
  const [one, two] = [fake(), fake()];
  step.join(one.player, TILE);
  step.join(two.player, TILE);
  step.hear(one.player, playing);

  pass(step, 1000);
  const before = step.positionUs;
  step.hear(two.player, playing);
  pass(step, 1000);

  expect(before).toBe(100e6);
  expect(step.positionUs).toBeCloseTo(100.9e6, -5);
  expect(states).toEqual(["playing", "loading", "playing"]);
});

test("it does not wait for ever", () => {
  const step = led(0);
  const one = fake();
  step.join(one.player, TILE);

  pass(step, 3000);

  expect(step.positionUs).toBeGreaterThan(1e6);
});

test("a gap of one camera stops nobody, a gap of all is told and then left out", () => {
  const step = led(100e6);
  const [one, two] = [fake(), fake()];
  step.join(one.player, TILE);
  step.join(two.player, TILE);
  step.hear(one.player, playing);
  step.hear(two.player, gap);
  pass(step, 3000);
  const alone = step.positionUs;

  step.hear(one.player, { ...gap, to: "1970-01-01T00:02:30Z" });
  pass(step, 1500);

  expect(alone).toBeGreaterThan(102e6);
  expect(step.positionUs).toBeGreaterThanOrEqual(120e6);
  expect(step.positionUs).toBeLessThan(121e6);
  expect(two.asked.at(-1)).toEqual(["playback", "gate", 120e6]);
});

test("backwards a gap of all is left out towards its beginning", () => {
  const step = led(100e6);
  const one = fake();
  step.join(one.player, TILE);
  step.setRate(-1);
  step.hear(one.player, gap);

  pass(step, 1400);

  expect(step.positionUs).toBeLessThan(90e6);
  expect(step.positionUs).toBeGreaterThan(89e6);
});

test("a step goes to the nearest picture that any of them has", () => {
  const step = led(100e6);
  const [one, two] = [fake(100.08e6), fake(100.04e6)];
  step.join(one.player, TILE);
  step.join(two.player, TILE);

  step.step(1);

  expect(step.positionUs).toBe(100.04e6);
  expect(one.asked.at(-1)).toEqual(["playback", "gate", 100.04e6]);
});

test("where all recordings have ended the clock stands", () => {
  const step = led(0);
  const one = fake();
  step.join(one.player, TILE);
  step.hear(one.player, { kind: "ended" });

  pass(step, 1000);

  expect(step.positionUs).toBe(0);
  expect(states.at(-1)).toBe("ended");
});

test("a camera that joins is asked for the moment that the others show, and stands where they stand", () => {
  const step = led(50e6);
  step.pause();
  const one = fake();

  step.join(one.player, TILE);

  expect(one.asked).toEqual([["rate", 1], ["playback", "gate", 50e6], ["pause"]]);
});
