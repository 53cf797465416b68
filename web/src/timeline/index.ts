/**
 * The timeline: the footage of one camera or several on a canvas, from a minute to 31 days. It knows no framework.
 *
 * `scale`, `zone`, `ticks`, `selection` and `footage` are the layout, without a canvas; `gestures` turns pointers into wishes; `paint`
 * draws one frame; `timeline_view` holds them together.
 */
export type { Gap, Mark, MarkKind, Piece, Span } from "./footage";
export type { Lane } from "./paint";
export type { Range } from "./scale";
export { selectedAbout } from "./selection";
export { TimelineView, type TimelineOptions } from "./timeline_view";
