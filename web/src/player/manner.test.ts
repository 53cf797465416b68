import { expect, test } from "vitest";

import { audible, mannerOf, playableRate } from "./manner";

const KNOWN = { groupUs: 2e6, hasSub: true };

test.each([0.125, 1, 4, -1, -4])("at %d times every picture of the wished stream is shown", (rate) => {
  expect(mannerOf(rate, "main", KNOWN)).toEqual({ stream: "main", frames: "all", backwards: rate < 0 });
});

test("faster, key frames are enough where they make ten pictures a second", () => {
  expect(mannerOf(32, "main", KNOWN)).toEqual({ stream: "main", frames: "key", backwards: false });
  expect(mannerOf(16, "main", { ...KNOWN, groupUs: 1e6 })).toMatchObject({ frames: "key" });
});

test("where they are too far apart every picture of the second stream is shown", () => {
  expect(mannerOf(8, "main", KNOWN)).toEqual({ stream: "sub", frames: "all", backwards: false });
  expect(mannerOf(32, "main", { ...KNOWN, groupUs: 10e6 })).toMatchObject({ stream: "sub", frames: "all" });
});

test("without a second stream every picture is shown as long as a decoder can follow", () => {
  expect(mannerOf(8, "main", { ...KNOWN, hasSub: false })).toMatchObject({ stream: "main", frames: "all" });
  expect(mannerOf(16, "main", { groupUs: null, hasSub: false })).toMatchObject({ stream: "main", frames: "key" });
});

test("rates stay within what the recorder plays", () => {
  expect([0.01, 64, -9, -0.5].map(playableRate)).toEqual([0.125, 32, -4, -1]);
});

test("sound is played from half to four times the speed", () => {
  expect([-1, 0.25, 0.5, 1, 4, 8].map(audible)).toEqual([false, false, true, true, true, false]);
});
