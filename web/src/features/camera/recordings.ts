import type { Stretch } from "../timeline/timelineChunks";

/** A recording, or a gap and why. */
export type Row = { fromUs: number; toUs: number; gap: string | null };

/** Recordings and gaps between two moments in order, joined where the edge of a piece cut one in two. */
export function rowsOf(stretches: readonly Stretch[], fromUs: number, toUs: number): Row[] {
  const all = stretches.flatMap(({ spans, gaps }) => [
    ...spans.map((span) => ({ fromUs: span.fromUs, toUs: span.toUs, gap: null })),
    // Before the camera was added there is nothing to miss.
    ...gaps
      .filter(({ reason }) => reason !== "not_added")
      .map((gap) => ({ fromUs: gap.fromUs, toUs: gap.toUs, gap: gap.title })),
  ]);
  const rows: Row[] = [];
  for (const row of all.sort((a, b) => a.fromUs - b.fromUs)) {
    const cut = { ...row, fromUs: Math.max(row.fromUs, fromUs), toUs: Math.min(row.toUs, toUs) };
    if (cut.toUs <= cut.fromUs) continue;
    const last = rows.at(-1);
    if (last?.gap === cut.gap && last.toUs === cut.fromUs) last.toUs = cut.toUs;
    else rows.push(cut);
  }
  return rows;
}
