/** Whether segments follow each other, whether something was left out of one, and what is missing between them. */

import { Flaw, nth } from "./bytes";
import type { Footage } from "./footage";
import type { GapEntry, Recording } from "./recording";

export interface Hole {
  readonly fromUs: number;
  readonly toUs: number;
  readonly title: string;
}

const SEAM_US = 200_000; // rounding, or a late frame: no hole to a person
const VIDEO_TRACK = 1;
const SCALE = 90_000;
const LEFT_OUT = SCALE / 2; // less than a fragment of video has
const UNKNOWN = "There is no video, and no reason was recorded.";
const DELETED = "Older video was deleted to make room.";

/** A Flaw where a segment stands in the wrong place or is missing without a word, or where video of one was left out. */
export function checkOrder(footage: readonly Footage[], gaps: readonly GapEntry[], recording: Recording): void {
  const deleted = gaps.filter((gap) => gap.kind === "deleted" && gap.stream === recording.stream);
  const gone = new Set(deleted.map((gap) => gap.sequence));
  for (const [at, { entry: next }] of footage.slice(1).entries()) {
    const { entry: before } = nth(footage, at);
    if (next.fromUs <= before.fromUs || next.sequence <= before.sequence) {
      throw new Flaw("order", "The footage is not in the order in which it was recorded.");
    }
    const missing = next.sequence - before.sequence - 1;
    const told = Array.from({ length: Math.min(missing, gone.size) }, (_, n) => gone.has(before.sequence + 1 + n));
    if (missing > gone.size || told.includes(false)) {
      throw new Flaw("missing", "Footage was left out, and nothing says why.");
    }
  }
  footage.forEach((one, at) => checkInside(one, recording, at === 0, at === footage.length - 1));
}

function checkInside(footage: Footage, recording: Recording, first: boolean, last: boolean): void {
  const leaves = footage.places.slice(1);
  const { entry, part } = footage;
  const video = part.fragments.flatMap((one, at) =>
    one.track === VIDEO_TRACK ? [{ ...one, leaf: nth(leaves, at) }] : [],
  );
  const [begin, end] = [video[0], video.at(-1)];
  if (!begin || !end) throw new Flaw("left_out", "A piece of footage has no video.");
  if (recording.audio) {
    const whole = nth(leaves, -1) - nth(leaves, 0) === leaves.length - 1;
    const fits = whole && (first || leaves[0] === 1) && (last || leaves.at(-1) === entry.fragments);
    if (!fits) throw new Flaw("left_out", "Something was left out of the footage.");
    return;
  }
  const length = Math.floor(((entry.toUs - entry.fromUs) * SCALE) / 1_000_000);
  const missing = video.slice(1).map((next, at) => {
    const before = nth(video, at);
    return next.leaf > before.leaf + 1 ? next.decodeTime - before.decodeTime - before.duration : 0;
  });
  if (!first && begin.leaf !== 1) missing.push(begin.decodeTime);
  if (!last && end.leaf !== entry.fragments) missing.push(length - end.decodeTime - end.duration);
  if (missing.some((ticks) => ticks >= LEFT_OUT)) throw new Flaw("left_out", "Video was left out.");
}

/** What is missing between the first and the last picture, each with its reason. */
export function holesBetween(footage: readonly Footage[], gaps: readonly GapEntry[], stream: string): Hole[] {
  return footage.slice(1).flatMap(({ entry: next }, at) => {
    const fromUs = nth(footage, at).entry.toUs;
    if (next.fromUs - fromUs <= SEAM_US) return [];
    return [{ fromUs, toUs: next.fromUs, title: reason(fromUs, next.fromUs, gaps, stream) }];
  });
}

function reason(fromUs: number, toUs: number, gaps: readonly GapEntry[], stream: string): string {
  for (const gap of gaps) {
    if (gap.stream !== stream || gap.fromUs === null || gap.fromUs >= toUs + SEAM_US) continue;
    const end =
      gap.kind === "deleted" ? gap.toUs : gaps.find((one) => one.kind === "gap_ended" && one.gap === gap.id)?.toUs;
    if ((end ?? Infinity) > fromUs - SEAM_US) return gap.kind === "deleted" ? DELETED : gap.title;
  }
  return UNKNOWN;
}
