import type { Timeline } from "../../api/gen";
import { HOUR_US, parseMoment } from "../../text/time";

export type Chunk = { fromUs: number; toUs: number };

const SIZES_US = [6 * HOUR_US, 48 * HOUR_US, 16 * 24 * HOUR_US, 128 * 24 * HOUR_US];
const MOST = 4;

/**
 * The pieces in which the timeline between two moments is asked for. They lie on a fixed grid, so that moving the view
 * asks only for what is new.
 */
export function chunksOf(fromUs: number, toUs: number, nowUs: number): Chunk[] {
  const end = Math.min(toUs, nowUs);
  if (end <= fromUs) return [];
  const fits = (size: number) => Math.ceil(end / size) - Math.floor(fromUs / size) <= MOST;
  const size = SIZES_US.find(fits) ?? 2048 * 24 * HOUR_US;
  const first = Math.floor(fromUs / size);
  return Array.from({ length: Math.ceil(end / size) - first }, (_, i) => ({
    fromUs: (first + i) * size,
    toUs: (first + i + 1) * size,
  }));
}

export type Span = { fromUs: number; toUs: number; kind: "continuous" };
export type Gap = { fromUs: number; toUs: number; reason: string; title: string };
export type Stretch = { fromUs: number; toUs: number; spans: Span[]; gaps: Gap[] };

/** What was recorded in the last seconds is not told yet: an answer is some seconds old, and files lag by one or two. */
const NOT_TOLD_US = 10_000_000;

/** The pieces as they are by now, of a camera that is being recorded: its newest recording reaches up to now. */
export function grownTo(nowUs: number, stretches: Stretch[]): Stretch[] {
  const newest = Math.max(...stretches.flatMap(({ spans }) => spans.map(({ toUs }) => toUs)));
  const interrupted = stretches.some(({ gaps }) => gaps.some(({ toUs }) => toUs > newest));
  if (interrupted || newest < nowUs - NOT_TOLD_US) return stretches;
  const grown = (span: Span) => (span.toUs === newest ? { ...span, toUs: Math.max(nowUs, newest) } : span);
  return stretches.map((stretch) => ({ ...stretch, spans: stretch.spans.map(grown) }));
}

/** Where a click leads: before the camera was added there is nothing, so to its first footage. */
export function soughtAt(us: number, stretches: readonly Stretch[]): number {
  const before = stretches.some(({ gaps }) =>
    gaps.some(({ fromUs, toUs, reason }) => reason === "not_added" && fromUs <= us && us < toUs),
  );
  const later = stretches.flatMap(({ spans }) => spans.map(({ fromUs }) => fromUs)).filter((fromUs) => fromUs > us);
  return before && later.length > 0 ? Math.min(...later) : us;
}

/** The API's timeline with its moments as numbers. */
export function stretchOf(timeline: Timeline): Stretch {
  const us = (moment: string) => parseMoment(moment) ?? 0;
  return {
    fromUs: us(timeline.from),
    toUs: us(timeline.to),
    spans: timeline.spans.map(({ from, to, kind }) => ({ fromUs: us(from), toUs: us(to), kind })),
    gaps: timeline.gaps.map(({ from, to, reason, title }) => ({ fromUs: us(from), toUs: us(to), reason, title })),
  };
}
