/** Where the marks of the ruler are: at round local times, so that a day may have 23 or 25 hours. */

import type { Scale } from "./scale";
import type { Zone } from "./zone";

const DAY_S = 86_400;
const WEEK_S = 7 * DAY_S;
/** 5 January 1970, the first Monday: weeks are counted from there. */
const FIRST_MONDAY_S = 4 * DAY_S;
const STEPS_S = [
  1,
  5,
  10,
  15,
  30,
  60,
  120,
  300,
  600,
  900,
  1800,
  3600,
  7200,
  10_800,
  21_600,
  43_200,
  DAY_S,
  2 * DAY_S,
  WEEK_S,
];
const LABEL_PIXELS = 72;
const MARK_PIXELS = 7;

export interface Tick {
  us: number;
  /** The first moment of a local day. */
  day: boolean;
}

export interface Ruler {
  /** Seconds from one labelled mark to the next. */
  stepS: number;
  labelled: Tick[];
  /** Times of the marks without a label, some of which coincide with labelled ones. */
  small: number[];
}

/** The labelled and small steps at which there is room for labels and marks. */
export function steps(scale: Scale): { stepS: number; smallS: number } {
  const pixelsPerS = (scale.width / (scale.toUs - scale.fromUs)) * 1e6;
  const stepS = STEPS_S.find((step) => step * pixelsPerS >= LABEL_PIXELS) ?? WEEK_S;
  const smallS = STEPS_S.find((step) => step * pixelsPerS >= MARK_PIXELS && stepS % step === 0) ?? stepS;
  return { stepS, smallS };
}

/** The moments (UTC seconds) in [fromS, toS] whose local time is a multiple of `stepS`. */
export function localMultiples(zone: Zone, fromS: number, toS: number, stepS: number): number[] {
  const phaseS = stepS === WEEK_S ? FIRST_MONDAY_S : 0;
  const found: number[] = [];
  for (const stretch of zone.stretches(fromS, toS)) {
    const shiftS = stretch.offsetS - phaseS;
    const isFirst = stretch.fromS === fromS;
    if (!isFirst && stepS === DAY_S && skipsMidnight(zone, stretch.fromS)) found.push(stretch.fromS);
    const first = Math.ceil((stretch.fromS + shiftS) / stepS) * stepS - shiftS;
    const last = stretch.toS === toS ? toS : stretch.toS - 1;
    for (let at = first; at <= last; at += stepS) found.push(at);
  }
  return found;
}

/** In some zones clocks go forward at midnight: that day begins at 01:00. */
function skipsMidnight(zone: Zone, changeS: number): boolean {
  const localS = changeS + zone.offsetS(changeS);
  return localS % DAY_S !== 0 && zone.day(changeS - 1) < zone.day(changeS);
}

export function ruler(scale: Scale, zone: Zone): Ruler {
  const { stepS, smallS } = steps(scale);
  const [fromS, toS] = [Math.floor(scale.fromUs / 1e6), Math.ceil(scale.toUs / 1e6)];
  const labelled = localMultiples(zone, fromS, toS, stepS).map((atS) => ({
    us: atS * 1e6,
    day: stepS >= DAY_S || (atS % 900 === 0 && zone.day(atS) !== zone.day(atS - 1)),
  }));
  return { stepS, labelled, small: localMultiples(zone, fromS, toS, smallS).map((atS) => atS * 1e6) };
}
