import { nth } from "./bytes";
/** Whether segments follow each other, and whether each hole between them has its signed reason. */

import { Flaw } from "./bytes";
import type { GapEntry, SegmentEntry } from "./recording";

export interface Hole {
  readonly fromUs: number;
  readonly toUs: number;
  readonly title: string;
}

const SEAM_US = 200_000; // rounding, or a late frame: no hole to a person

/** The holes inside the asked range, each with its reason; a Flaw where one has none, or where segments are not in order. */
export function checkOrder(segments: readonly SegmentEntry[], gaps: readonly GapEntry[]): Hole[] {
  const holes: Hole[] = [];
  for (const [at, next] of segments.slice(1).entries()) {
    const before = nth(segments, at);
    if (next.sequence <= before.sequence || next.fromUs < before.fromUs) {
      throw new Flaw("order", "The footage is not in the order in which it was recorded.");
    }
    const missing = next.sequence - before.sequence > 1;
    if (!missing && next.fromUs - before.toUs <= SEAM_US) continue;
    holes.push(explained(before, next, gaps, missing));
  }
  return holes;
}

function explained(before: SegmentEntry, next: SegmentEntry, gaps: readonly GapEntry[], missing: boolean): Hole {
  const deleted = gaps.filter((gap) => gap.kind === "deleted" && gap.stream === before.stream);
  const gone = new Set(deleted.map((gap) => gap.sequence));
  for (let sequence = before.sequence + 1; missing && sequence < next.sequence; sequence++) {
    if (!gone.has(sequence)) throw new Flaw("missing", "Footage was left out of the export.");
  }
  const reason = gaps.find(
    (gap) => gap.kind === "gap" && gap.stream === before.stream && touches(gap, gaps, before, next),
  );
  if (!missing && !reason) throw new Flaw("hole", "A hole has no reason in the signed ledger.");
  return { fromUs: before.toUs, toUs: next.fromUs, title: reason?.title ?? "Deleted to make room." };
}

function touches(gap: GapEntry, gaps: readonly GapEntry[], before: SegmentEntry, next: SegmentEntry): boolean {
  const end = gaps.find((one) => one.kind === "gap_ended" && one.gap === gap.id)?.toUs ?? Infinity;
  return (gap.fromUs ?? 0) < next.fromUs + SEAM_US && end > before.toUs - SEAM_US;
}
