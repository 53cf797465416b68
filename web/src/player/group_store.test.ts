import { expect, test } from "vitest";

import { GroupStore, lastAtMost } from "./group_store";
import type { VideoDescription } from "./mp4";

const TRACK = { kind: "video", codecString: "avc1.640028" } as VideoDescription;

/** Groups of three pictures 40 apart, in decode order I P B. */
function filled(starts: number[]): GroupStore {
  const store = new GroupStore();
  for (const start of starts) {
    for (const [offset, key] of [
      [0, true],
      [80, false],
      [40, false],
    ] as const) {
      store.push(TRACK, { utcUs: start + offset, durationUs: 40, key, data: new Uint8Array(10) });
    }
  }
  return store;
}

test("times stand in the order of display, pictures in that of decoding", () => {
  const [group] = filled([1000]).groups;

  expect(group?.times).toEqual([1000, 1040, 1080]);
  expect(group?.pictures.map((picture) => picture.utcUs)).toEqual([1000, 1080, 1040]);
  expect(group?.endUs).toBe(1120);
});

test("pictures before the first key frame are left out", () => {
  const store = new GroupStore();

  store.push(TRACK, { utcUs: 0, durationUs: 40, key: false, data: new Uint8Array(10) });

  expect(store.bytes).toBe(0);
  expect(store.covers(0)).toBe(false);
});

test("a moment finds its picture, and holes are not covered", () => {
  const store = filled([1000, 5000]);

  expect(store.pictureAt(1079)).toBe(1040);
  expect(store.pictureAt(0)).toBe(1000);
  expect([999, 1000, 1119, 1120, 5000].map((us) => store.covers(us))).toEqual([false, true, true, false, true]);
});

test("neighbours are found across groups and not beyond the buffer", () => {
  const store = filled([1000, 1120, 5000]);

  expect(store.neighbour(1080, 1)).toBe(1120);
  expect(store.neighbour(1120, -1)).toBe(1080);
  expect(store.neighbour(1000, 7)).toBe(5040);
  expect(store.neighbour(5000, -6)).toBe(1000);
  expect(store.neighbour(1000, -1)).toBeNull();
  expect(store.neighbour(5080, 1)).toBeNull();
});

test("whole groups are pruned, the last one never, and numbers stay", () => {
  const store = filled([1000, 1120, 5000]);
  const number = store.numberAt(5000) ?? -1;

  store.prune(1e9);

  expect(store.groups).toHaveLength(1);
  expect(store.group(number)?.startUs).toBe(5000);
  expect(store.bytes).toBe(30);
});

test("the last index at most a value is -1 where all are above", () => {
  const same = (value: number): number => value;

  expect([0, 1, 2, 9].map((wanted) => lastAtMost([1, 2, 3], wanted, same))).toEqual([-1, 0, 1, 2]);
});
