/** What is known of a camera's footage: answers of the timeline API, cut to pixels. */

export interface Span {
  fromUs: number;
  toUs: number;
  kind: "continuous";
}

export interface Gap {
  fromUs: number;
  toUs: number;
  reason: string;
  title: string;
}

/** One answer: within [fromUs, toUs) every moment since the camera was added is in a span or a gap. */
export interface Piece {
  fromUs: number;
  toUs: number;
  spans: Span[];
  gaps: Gap[];
}

export const markKinds = ["other", "motion", "object", "alarm"] as const;
export type MarkKind = (typeof markKinds)[number];

/** Something that happened: *name* says what, the length is drawn where it has one. */
export interface Mark {
  fromUs: number;
  toUs: number;
  kind: MarkKind;
  name: string;
}

/** Before the camera was added there is nothing to miss. */
export const NOT_ADDED = "not_added";

export function gapAt(pieces: readonly Piece[], us: number): Gap | null {
  for (const piece of pieces) {
    const gap = piece.gaps.find((each) => each.fromUs <= us && us < each.toUs);
    if (gap) return gap;
  }
  return null;
}

/** The gap at `us`, else the nearest one within `slackUs`: a gap narrower than a pixel can be touched too. */
export function gapNear(pieces: readonly Piece[], us: number, slackUs: number): Gap | null {
  const at = gapAt(pieces, us);
  if (at) return at;
  let nearest: { gap: Gap; distance: number } | null = null;
  for (const gap of pieces.flatMap((piece) => piece.gaps)) {
    const distance = Math.max(gap.fromUs - us, us - gap.toUs);
    if (distance <= slackUs && distance < (nearest?.distance ?? Infinity)) nearest = { gap, distance };
  }
  return nearest?.gap ?? null;
}

/** The mark at `us`, else the nearest one within `slackUs`; of several the one that began last. */
export function markNear(marks: readonly Mark[], us: number, slackUs: number): Mark | null {
  const distance = (mark: Mark) => Math.max(0, mark.fromUs - us, us - mark.toUs);
  const near = marks.filter((mark) => distance(mark) <= slackUs);
  return near.sort((a, b) => distance(a) - distance(b) || b.fromUs - a.fromUs)[0] ?? null;
}

/** The first moment of footage that is known, null where there is none. */
export function oldest(pieces: readonly Piece[]): number | null {
  const starts = pieces.flatMap((piece) => piece.spans.map((span) => span.fromUs));
  return starts.length === 0 ? null : Math.min(...starts);
}

export interface Bar {
  x: number;
  width: number;
}

/** The pixels that `ranges` cover: what touches is joined, and nothing is thinner than `thinnest`. */
export function bars(
  ranges: readonly { fromUs: number; toUs: number }[],
  x: (us: number) => number,
  view: { width: number; thinnest: number },
): Bar[] {
  const found: Bar[] = [];
  for (const range of ranges) {
    const left = Math.max(0, x(range.fromUs));
    const right = Math.min(view.width, Math.max(x(range.toUs), left + view.thinnest));
    if (x(range.toUs) < 0 || left >= view.width) continue;
    const last = found.at(-1);
    if (last && left <= last.x + last.width + 0.01) last.width = Math.max(last.width, right - last.x);
    else found.push({ x: left, width: right - left });
  }
  return found;
}
