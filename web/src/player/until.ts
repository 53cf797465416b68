/** How far ahead of the play head the recorder may send: 10 to 20 seconds, more at higher speed. */

import type { Frames } from "./manner";

const AHEAD_US = 20e6;
/** Never more than a minute of whole footage; key frames alone are few. */
const MOST_AHEAD_US: Record<Frames, number> = { all: 60e6, key: 640e6 };

export function aheadUs(rate: number, frames: Frames = "all"): number {
  return Math.min(MOST_AHEAD_US[frames], AHEAD_US * Math.max(1, Math.abs(rate)));
}

/** The new `until`, null while the present one is far enough; backwards it lies before the play head. */
export function raisedUntil(positionUs: number, untilUs: number, rate: number, frames: Frames = "all"): number | null {
  const ahead = aheadUs(rate, frames);
  const way = Math.sign(rate);
  return (untilUs - positionUs) * way < ahead / 2 ? positionUs + ahead * way : null;
}
