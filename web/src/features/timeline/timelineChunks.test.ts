import { describe, expect, it } from "vitest";

import { HOUR_US } from "../../text/time";
import { chunksOf, grownTo, soughtAt, type Stretch, stretchOf } from "./timelineChunks";

const NOW = 1_795_367_045_000_000;

describe("pieces of the timeline", () => {
  it("cover what is seen, up to now, without a hole", () => {
    for (const hours of [0.02, 1, 5, 24, 200, 2000, 100_000]) {
      const fromUs = NOW - hours * HOUR_US;
      const chunks = chunksOf(fromUs, NOW + HOUR_US, NOW);

      expect(chunks[0]?.fromUs).toBeLessThanOrEqual(fromUs);
      expect(chunks.at(-1)?.toUs).toBeGreaterThanOrEqual(NOW);
      for (const [i, chunk] of chunks.entries()) if (i > 0) expect(chunk.fromUs).toBe(chunks[i - 1]?.toUs);
      expect(chunks.length).toBeLessThanOrEqual(10);
    }
  });

  it("stay the same while the view moves within them", () => {
    const start = Math.floor(NOW / (6 * HOUR_US)) * 6 * HOUR_US - 6 * HOUR_US;

    expect(chunksOf(start + HOUR_US, start + 2 * HOUR_US, NOW)).toEqual(
      chunksOf(start + 1.5 * HOUR_US, start + 2.5 * HOUR_US, NOW),
    );
  });

  it("are none in the future", () => {
    expect(chunksOf(NOW + 1, NOW + HOUR_US, NOW)).toEqual([]);
  });
});

it("the API's moments become numbers", () => {
  const stretch = stretchOf({
    from: "1970-01-01T00:00:00Z",
    to: "1970-01-01T00:00:02Z",
    spans: [{ from: "1970-01-01T00:00:00Z", to: "1970-01-01T00:00:01.5Z", kind: "continuous" }],
    gaps: [
      { from: "1970-01-01T00:00:01.5Z", to: "1970-01-01T00:00:02Z", reason: "restart", title: "Tawny was restarted." },
    ],
  });

  expect(stretch.spans).toEqual([{ fromUs: 0, toUs: 1_500_000, kind: "continuous" }]);
  expect(stretch.gaps[0]).toMatchObject({ fromUs: 1_500_000, toUs: 2_000_000, reason: "restart" });
});

const SECOND = 1_000_000;
const YOUNG: Stretch = {
  fromUs: NOW - 100 * SECOND,
  toUs: NOW,
  spans: [
    { fromUs: NOW - 60 * SECOND, toUs: NOW - 40 * SECOND, kind: "continuous" },
    { fromUs: NOW - 30 * SECOND, toUs: NOW - 4 * SECOND, kind: "continuous" },
  ],
  gaps: [{ fromUs: NOW - 100 * SECOND, toUs: NOW - 60 * SECOND, reason: "not_added", title: "Not added yet." }],
};

it("what is being recorded reaches up to now, and nothing else does", () => {
  const lost = { fromUs: NOW - 4 * SECOND, toUs: NOW, reason: "camera_lost", title: "Lost." };

  expect(grownTo(NOW, [YOUNG])[0]?.spans.map(({ toUs }) => toUs)).toEqual([NOW - 40 * SECOND, NOW]);
  expect(grownTo(NOW + 30 * SECOND, [YOUNG])).toEqual([YOUNG]);
  expect(grownTo(NOW, [{ ...YOUNG, gaps: [lost] }])[0]?.spans).toEqual(YOUNG.spans);
  expect(grownTo(NOW, [])).toEqual([]);
});

it("before the camera was added a click leads to the first footage, elsewhere to where it is", () => {
  expect(soughtAt(NOW - 90 * SECOND, [YOUNG])).toBe(NOW - 60 * SECOND);
  expect(soughtAt(NOW - 35 * SECOND, [YOUNG])).toBe(NOW - 35 * SECOND);
  expect(soughtAt(NOW - 90 * SECOND, [])).toBe(NOW - 90 * SECOND);
});
