import { describe, expect, it } from "vitest";

import { HOUR_US } from "../../text/time";
import { chunksOf, stretchOf } from "./timelineChunks";

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
