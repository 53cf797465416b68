/** What to say where the play head has no footage before it. */

import { rfc3339, type Note } from "./notes";
import type { PlayerState } from "./state";
import { text } from "../text/en";

export type GapNote = Extract<Note, { type: "gap" }>;

/** Footage ended at `fromUs`, and goes on at `toUs` or not yet (null). Backwards `toUs` lies before `fromUs`. */
export interface Hole {
  fromUs: number;
  toUs: number | null;
}

/** A gap's edges are the recorder's, a hole's those of the pictures: they differ by a picture or two. */
const NEAR_US = 1e6;

export function explained(hole: Hole, gaps: readonly GapNote[], ended: boolean, backwards = false): PlayerState {
  const [first, last] = edges(hole, backwards);
  const gap = gaps.find((note) => note.toUs > first && note.fromUs < last);
  if (gap) return { kind: "gap", title: gap.title, reason: gap.reason, from: gap.from, to: gap.to };
  if (hole.toUs === null) return ended ? endedState(backwards) : { kind: "loading" };
  const [from, to] = [Math.min(hole.fromUs, hole.toUs), Math.max(hole.fromUs, hole.toUs)];
  return { kind: "gap", title: text.picture.noFootage, reason: "unknown", from: rfc3339(from), to: rfc3339(to) };
}

export function endedState(backwards: boolean): PlayerState {
  return backwards ? { kind: "ended", oldest: true } : { kind: "ended" };
}

/** Between what a gap that explains the hole lies, or overlaps. */
function edges({ fromUs, toUs }: Hole, backwards: boolean): [number, number] {
  return backwards ? [(toUs ?? fromUs) - NEAR_US, fromUs] : [fromUs, (toUs ?? fromUs) + NEAR_US];
}

const SHOWN_MS = 1_200;

/** Shows what a hole is for a moment, then goes on behind it; told of the same hole again it does nothing more. */
export class Crossing {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private met = "";

  constructor(private readonly act: { show(state: PlayerState): void; jump(toUs: number): void }) {}

  meet(hole: Hole, gaps: readonly GapNote[], ended: boolean, backwards = false): void {
    const { toUs } = hole;
    const state = explained(hole, gaps, ended, backwards);
    this.act.show(state);
    const met = JSON.stringify([toUs, state]);
    if (met === this.met) return;
    this.cancel();
    this.met = met;
    if (toUs !== null) this.timer = setTimeout(() => this.act.jump(toUs), SHOWN_MS);
    else if (state.kind === "gap" && ended)
      this.timer = setTimeout(() => this.act.show(endedState(backwards)), SHOWN_MS);
  }

  cancel(): void {
    clearTimeout(this.timer);
    this.met = "";
  }
}
