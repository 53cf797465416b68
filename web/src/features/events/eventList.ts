/** Lists of events: what was asked for, with what was told since. */

import type { CameraEvent } from "../../api/gen";
import type { EventsWanted } from "../../api/events_wanted";
import { dayRange, parseMoment, toWall, type WallDate } from "../../text/time";
import type { EventsRoute } from "../shell/routes";
import type { Mark } from "../../timeline";
import { lookOf } from "./kinds";
import { eventWords } from "./words";

export const atOf = (event: CameraEvent): number => parseMoment(event.at) ?? 0;
/** The event's end; null while it lasts. */
export const untilOf = (event: CameraEvent): number | null => (event.until === null ? null : parseMoment(event.until));

/** What an address asks for. */
export function wantedOf({ cameras, kinds, day }: EventsRoute, zone: string): EventsWanted {
  const range = day === null ? null : dayRange(dayOf(day), zone);
  return { cameras, kinds, ...(range && { fromUs: range.fromUs, toUs: range.toUs }) };
}

export function dayOf(key: string): WallDate {
  const [year = 1970, month = 1, day = 1] = key.split("-").map(Number);
  return { year, month, day };
}

export function matches(event: CameraEvent, { cameras = [], kinds = [], fromUs, toUs }: EventsWanted): boolean {
  const at = atOf(event);
  return (
    (cameras.length === 0 || cameras.includes(event.camera)) &&
    (kinds.length === 0 || kinds.includes(event.kind)) &&
    (fromUs === undefined || (untilOf(event) ?? Infinity) >= fromUs) &&
    (toUs === undefined || at < toUs)
  );
}

/**
 * The list with what was told since: an event that ended has its end, one that is new stands where its time is. What is
 * older than the list reaches is left for when the list goes on.
 */
export function withTold(
  listed: readonly CameraEvent[],
  told: readonly CameraEvent[],
  wanted: EventsWanted,
  whole: boolean,
): CameraEvent[] {
  const oldest = whole ? -Infinity : Math.min(...listed.map(atOf));
  const known = new Map(listed.map((event) => [event.id, event]));
  for (const event of told) {
    if (known.has(event.id) || (matches(event, wanted) && atOf(event) >= oldest)) known.set(event.id, event);
  }
  return [...known.values()]
    .map((event) => ({ event, at: atOf(event) }))
    .sort((a, b) => b.at - a.at)
    .map(({ event }) => event);
}

export type Day = { key: string; atUs: number; events: CameraEvent[] };

/** The list by days in *zone*, in its order. */
export function byDay(events: readonly CameraEvent[], zone: string): Day[] {
  const days: Day[] = [];
  for (const event of events) {
    const { year, month, day } = toWall(atOf(event), zone);
    const key = `${year}-${month}-${day}`;
    const last = days.at(-1);
    if (last?.key === key) last.events.push(event);
    else days.push({ key, atUs: atOf(event), events: [event] });
  }
  return days;
}

/** What stands on the timeline; what lasts reaches up to now. */
export function markOf(event: CameraEvent, nowUs: number): Mark {
  const fromUs = atOf(event);
  return {
    fromUs,
    toUs: Math.max(fromUs, untilOf(event) ?? nowUs),
    kind: lookOf(event.kind).mark,
    name: eventWords(event),
  };
}
