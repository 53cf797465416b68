/** The visible range of time and its mapping to pixels; values, never changed. */

export interface Range {
  fromUs: number;
  toUs: number;
}

export interface Scale extends Range {
  width: number;
}

export const MIN_SPAN_US = 60e6;
export const MAX_SPAN_US = 31 * 86_400e6;
/** Nothing is older than this recorder's idea of video. */
const EARLIEST_US = Date.UTC(2000, 0, 1) * 1000;
/** At most this part of the view lies in the future. */
const FUTURE_PART = 0.5;

export function xOf(scale: Scale, us: number): number {
  return ((us - scale.fromUs) / (scale.toUs - scale.fromUs)) * scale.width;
}

export function usAt(scale: Scale, x: number): number {
  return scale.fromUs + (x / scale.width) * (scale.toUs - scale.fromUs);
}

/** The range as near to the wished one as the limits allow: one minute to 31 days, not too far ahead of now. */
export function clamped(range: Range, nowUs: number): Range {
  const wished = range.toUs - range.fromUs;
  const span = Math.min(MAX_SPAN_US, Math.max(MIN_SPAN_US, wished));
  const centred = range.fromUs + (wished - span) / 2;
  const latest = nowUs + span * FUTURE_PART - span;
  const fromUs = Math.max(EARLIEST_US, Math.min(centred, latest));
  return { fromUs, toUs: fromUs + span };
}

/** Zoomed by `factor` (above 1: nearer) so that the moment at `x` stays there. */
export function zoomed(scale: Scale, x: number, factor: number): Range {
  const wished = (scale.toUs - scale.fromUs) / factor;
  const span = Math.min(MAX_SPAN_US, Math.max(MIN_SPAN_US, wished));
  const fromUs = usAt(scale, x) - (x / scale.width) * span;
  return { fromUs, toUs: fromUs + span };
}

export function panned(scale: Scale, dx: number): Range {
  const us = (dx / scale.width) * (scale.toUs - scale.fromUs);
  return { fromUs: scale.fromUs - us, toUs: scale.toUs - us };
}

/** The range in which two moments lie under two fingers. */
export function pinched(width: number, a: { us: number; x: number }, b: { us: number; x: number }): Range | null {
  if (Math.abs(a.x - b.x) < 8 || a.us === b.us) return null;
  const usPerPixel = (b.us - a.us) / (b.x - a.x);
  if (usPerPixel <= 0) return null; // the fingers crossed
  const span = Math.min(MAX_SPAN_US, Math.max(MIN_SPAN_US, usPerPixel * width));
  const middle = (a.x + b.x) / 2;
  const fromUs = (a.us + b.us) / 2 - (middle / width) * span;
  return { fromUs, toUs: fromUs + span };
}

/** The range moved so that a play head that has reached the right edge is in view again; null where it is. */
export function following(range: Range, beforeUs: number | null, us: number): Range | null {
  const span = range.toUs - range.fromUs;
  const wasInView = beforeUs !== null && beforeUs >= range.fromUs && beforeUs <= range.toUs;
  if (!wasInView || us < range.toUs - 0.03 * span || us > range.toUs + span) return null;
  const fromUs = us - 0.9 * span;
  return { fromUs, toUs: fromUs + span };
}
