/** How far ahead of the play head the recorder may send: 10 to 20 seconds, more at higher speed, never a minute. */
const AHEAD_US = 20e6;
const MOST_AHEAD_US = 60e6;

export function aheadUs(rate: number): number {
  return Math.min(MOST_AHEAD_US, AHEAD_US * Math.max(1, rate));
}

/** The new `until`, null while the present one is far enough. */
export function raisedUntil(positionUs: number, untilUs: number, rate: number): number | null {
  const ahead = aheadUs(rate);
  return untilUs - positionUs < ahead / 2 ? positionUs + ahead : null;
}
