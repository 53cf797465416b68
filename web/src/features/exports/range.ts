import { text } from "../../text/en";
import { HOUR_US, SECOND_US } from "../../text/time";

/** A stretch of time; null while it is being typed. */
export type RangeUs = { fromUs: number; toUs: number };
export type TypedRange = { fromUs: number | null; toUs: number | null };

const SHORTEST_US = 3 * SECOND_US;
const LONGEST_US = 24 * HOUR_US;
/** The recorder waits this long for the end of a range to come. */
const AHEAD_US = 60 * SECOND_US;

/** What is wrong with a range, in words, or null. Without *longest* it may be of any length. */
export function rangeError({ fromUs, toUs }: TypedRange, nowUs: number, longest = true): string | null {
  const t = text.exports.dialog;
  if (fromUs === null || toUs === null) return t.incomplete;
  if (toUs <= fromUs) return t.reversed;
  if (toUs - fromUs < SHORTEST_US) return t.tooShort;
  if (longest && toUs - fromUs > LONGEST_US) return t.tooLong;
  return toUs > nowUs + AHEAD_US ? t.tooNew : null;
}

/** The stretch around a moment, as far as it lies in the past. */
export function around(atUs: number, beforeUs: number, afterUs: number, nowUs: number): RangeUs {
  const toUs = Math.min(atUs + afterUs, nowUs);
  return { fromUs: Math.min(atUs - beforeUs, toUs - SHORTEST_US), toUs };
}
