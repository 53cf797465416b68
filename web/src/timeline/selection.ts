/** A range that a person marked on the timeline, to export it or to keep it; values, never changed. */

import { usAt, xOf, type Range, type Scale } from "./scale";

export type Edge = "from" | "to";

/** Nothing shorter is worth a file. */
export const SHORTEST_US = 3e6;
/** A selection that was made without saying how long: this part of the view, about the moment shown. */
const FIRST_PART = 1 / 8;

function ordered(one: number, other: number): Range {
  const [fromUs, toUs] = one <= other ? [one, other] : [other, one];
  return { fromUs: Math.round(fromUs), toUs: Math.round(Math.max(toUs, fromUs + SHORTEST_US)) };
}

/** A first selection about a moment. */
export function selectedAbout(us: number, scale: Range, nowUs: number): Range {
  const half = Math.max(SHORTEST_US, (scale.toUs - scale.fromUs) * FIRST_PART) / 2;
  const toUs = Math.min(us + half, nowUs);
  return ordered(toUs - 2 * half, toUs);
}

/** From where the pointer went down to where it is now. */
export function selectedBetween(one: number, other: number, nowUs: number): Range {
  return ordered(Math.min(one, nowUs), Math.min(other, nowUs));
}

/** One edge moved to `us`; dragged over the other one, it pushes that along no further than it must. */
export function withEdge(selection: Range | null, edge: Edge, us: number, nowUs: number): Range {
  const at = Math.round(Math.min(us, nowUs));
  const { fromUs, toUs } = selection ?? { fromUs: at, toUs: at };
  if (edge === "from") return { fromUs: at, toUs: Math.max(toUs, at + SHORTEST_US) };
  return { fromUs: Math.min(fromUs, at - SHORTEST_US), toUs: at };
}

/** The edge within `grip` pixels of `x`, the nearer one where both are. */
export function edgeAt(selection: Range | null, scale: Scale, x: number, grip: number): Edge | null {
  if (!selection) return null;
  const from = Math.abs(xOf(scale, selection.fromUs) - x);
  const to = Math.abs(xOf(scale, selection.toUs) - x);
  if (Math.min(from, to) > grip) return null;
  return from < to ? "from" : "to";
}

/** The moment under the pointer, for a drag that may leave the canvas. */
export function draggedTo(scale: Scale, x: number): number {
  return usAt(scale, Math.max(0, Math.min(scale.width, x)));
}
