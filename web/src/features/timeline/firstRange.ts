import { HOUR_US, MINUTE_US } from "../../text/time";

const SHORTEST_US = 5 * MINUTE_US;
/** A young archive fills this part of what is seen. */
const FILLED = 2 / 3;
/** Now stands here: a little of the future shows that time goes on. */
const NOW_AT = 0.9;

type Range = { fromUs: number; toUs: number };

/** What the timeline shows first: the last hour, less where the camera is younger, or what lies around an older moment. */
export function firstRange(playheadUs: number, nowUs: number, addedUs: number): Range {
  const span = Math.min(HOUR_US, Math.max(SHORTEST_US, (nowUs - addedUs) / FILLED));
  const fromUs = nowUs - span * NOW_AT;
  if (playheadUs >= fromUs) return { fromUs, toUs: fromUs + span };
  return { fromUs: playheadUs - span / 2, toUs: playheadUs + span / 2 };
}
