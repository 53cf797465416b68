import { expect, test } from "vitest";

import { Backoff } from "./backoff";
import { PlaybackClock } from "./playback_clock";
import { raisedUntil } from "./until";

test("back-off doubles up to its longest, halved at most by chance, and starts anew", () => {
  const backoff = new Backoff(500, 3000, () => 1);

  const times = [1, 2, 3, 4].map(() => backoff.next());
  backoff.reset();

  expect(times).toEqual([500, 1000, 2000, 3000]);
  expect(backoff.next()).toBe(500);
  expect(new Backoff(500, 3000, () => 0).next()).toBe(250);
});

test("the play head runs at its rate, stands while paused, and never jumps at a change", () => {
  let nowMs = 1000;
  const clock = new PlaybackClock(() => nowMs);
  clock.set(5e6);
  const positions = [];

  clock.run(true);
  nowMs += 1000;
  positions.push(clock.positionUs());
  clock.setRate(4);
  nowMs += 1000;
  positions.push(clock.positionUs());
  clock.run(false);
  nowMs += 1000;
  positions.push(clock.positionUs());

  expect(positions).toEqual([6e6, 10e6, 10e6]);
});

test("media is asked for 10 to 20 seconds ahead, further at speed, never more than a minute", () => {
  expect(raisedUntil(0, 15e6, 1)).toBeNull();
  expect(raisedUntil(0, 9e6, 1)).toBe(20e6);
  expect(raisedUntil(0, 15e6, 2)).toBe(40e6);
  expect(raisedUntil(0, 15e6, 16)).toBe(60e6);
  expect(raisedUntil(0, 100e6, 32, "key")).toBe(640e6);
});

test("backwards media is asked for before the play head", () => {
  expect(raisedUntil(100e6, 85e6, -1)).toBeNull();
  expect(raisedUntil(100e6, 95e6, -1)).toBe(80e6);
  expect(raisedUntil(100e6, 95e6, -4)).toBe(40e6);
});
