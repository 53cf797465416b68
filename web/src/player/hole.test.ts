import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Crossing, explained, type GapNote } from "./hole";
import type { PlayerState } from "./state";

const GAP: GapNote = {
  type: "gap",
  from: "1970-01-01T00:00:10.000000Z",
  to: "1970-01-01T00:00:20.000000Z",
  fromUs: 10e6,
  toUs: 20e6,
  reason: "disk",
  title: "The disk was full.",
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a hole is explained by the gap that it lies in, with a picture's tolerance", () => {
  expect(explained({ fromUs: 9.96e6, toUs: 20e6 }, [GAP], false)).toMatchObject({ kind: "gap", reason: "disk" });
  expect(explained({ fromUs: 9.96e6, toUs: null }, [GAP], true)).toMatchObject({ kind: "gap", reason: "disk" });
});

test("a hole without a gap says so, and missing media is loading or the end", () => {
  expect(explained({ fromUs: 30e6, toUs: 40e6 }, [GAP], false)).toMatchObject({
    kind: "gap",
    reason: "unknown",
    from: "1970-01-01T00:00:30.000000Z",
  });
  expect(explained({ fromUs: 30e6, toUs: null }, [GAP], false)).toEqual({ kind: "loading" });
  expect(explained({ fromUs: 30e6, toUs: null }, [GAP], true)).toEqual({ kind: "ended" });
});

test("backwards a hole is explained by the gap before it", () => {
  expect(explained({ fromUs: 20.04e6, toUs: 10e6 }, [GAP], false, true)).toMatchObject({ kind: "gap", reason: "disk" });
  expect(explained({ fromUs: 20.04e6, toUs: null }, [GAP], false, true)).toMatchObject({ kind: "gap", reason: "disk" });
  expect(explained({ fromUs: 10e6, toUs: null }, [GAP], false, true)).toEqual({ kind: "loading" });
  expect(explained({ fromUs: 40e6, toUs: 30e6 }, [GAP], false, true)).toMatchObject({
    reason: "unknown",
    from: "1970-01-01T00:00:30.000000Z",
  });
});

function crossing(): { crossing: Crossing; shown: PlayerState[]; jumps: number[] } {
  const [shown, jumps]: [PlayerState[], number[]] = [[], []];
  const made = new Crossing({ show: (state) => shown.push(state), jump: (toUs) => jumps.push(toUs) });
  return { crossing: made, shown, jumps };
}

test("a hole is crossed once, a moment after it was met, however often it is met", () => {
  const { crossing: met, jumps } = crossing();

  for (let round = 0; round < 20; round++) {
    met.meet({ fromUs: 10e6, toUs: 20e6 }, [GAP], false);
    vi.advanceTimersByTime(200);
  }

  expect(jumps).toEqual([20e6]);
});

test("a gap up to now ends the recording", () => {
  const { crossing: met, shown, jumps } = crossing();

  met.meet({ fromUs: 10e6, toUs: null }, [GAP], true);
  vi.runAllTimers();

  expect(shown.map((state) => state.kind)).toEqual(["gap", "ended"]);
  expect(jumps).toEqual([]);
});

test("a seek meanwhile leaves the hole where it is", () => {
  const { crossing: met, jumps } = crossing();

  met.meet({ fromUs: 10e6, toUs: 20e6 }, [GAP], false);
  met.cancel();
  vi.runAllTimers();

  expect(jumps).toEqual([]);
});
