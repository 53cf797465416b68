import { expect, it } from "vitest";

import { rowsOf } from "./recordings";
import type { Stretch } from "../timeline/timelineChunks";

const stretch = (fromUs: number, toUs: number, gaps: [number, number, string][]): Stretch => {
  const edges = [fromUs, ...gaps.flatMap(([a, b]) => [a, b]), toUs];
  const spans = Array.from({ length: edges.length / 2 }, (_, i) => ({
    fromUs: edges[2 * i] ?? 0,
    toUs: edges[2 * i + 1] ?? 0,
    kind: "continuous" as const,
  }));
  return {
    fromUs,
    toUs,
    spans: spans.filter((span) => span.toUs > span.fromUs),
    gaps: gaps.map(([a, b, title]) => ({ fromUs: a, toUs: b, reason: "camera_lost", title })),
  };
};

it("recordings and gaps stand in order", () => {
  expect(rowsOf([stretch(0, 100, [[40, 50, "Lost."]])], 0, 100)).toEqual([
    { fromUs: 0, toUs: 40, gap: null },
    { fromUs: 40, toUs: 50, gap: "Lost." },
    { fromUs: 50, toUs: 100, gap: null },
  ]);
});

it("what the edge of a piece cut in two is one again", () => {
  const rows = rowsOf([stretch(0, 100, [[90, 100, "Lost."]]), stretch(100, 200, [[100, 120, "Lost."]])], 0, 200);

  expect(rows).toEqual([
    { fromUs: 0, toUs: 90, gap: null },
    { fromUs: 90, toUs: 120, gap: "Lost." },
    { fromUs: 120, toUs: 200, gap: null },
  ]);
});

it("gaps with different reasons stay apart", () => {
  const two: [number, number, string][] = [
    [40, 50, "Lost."],
    [50, 60, "Disabled."],
  ];

  expect(rowsOf([stretch(0, 100, two)], 0, 100)).toHaveLength(4);
});

it("only the day asked for is listed", () => {
  expect(rowsOf([stretch(0, 100, [])], 20, 30)).toEqual([{ fromUs: 20, toUs: 30, gap: null }]);
  expect(rowsOf([stretch(0, 100, [])], 100, 130)).toEqual([]);
});

it("the time before the camera was added is not listed", () => {
  const before = { ...stretch(0, 100, []), gaps: [{ fromUs: 0, toUs: 40, reason: "not_added", title: "Not added." }] };

  expect(rowsOf([{ ...before, spans: [{ fromUs: 40, toUs: 100, kind: "continuous" }] }], 0, 100)).toEqual([
    { fromUs: 40, toUs: 100, gap: null },
  ]);
});
