/**
 * The timeline: one camera's footage on a canvas, from a minute to 31 days. It knows no framework.
 *
 * `scale`, `zone`, `ticks` and `footage` are the layout, without a canvas; `gestures` turns pointers into wishes; `paint`
 * draws one frame; `timeline_view` holds them together.
 */
export type { Gap, Piece, Span } from "./footage";
export { TimelineView, type TimelineOptions } from "./timeline_view";
