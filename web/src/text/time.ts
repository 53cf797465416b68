/**
 * Moments and the clock on the wall. A moment is microseconds since 1970 UTC (`us`), as everywhere between our programs;
 * a wall-clock time belongs to an IANA zone. Zones come from Intl, so days of 23 and 25 hours need no rule of ours.
 */

export const SECOND_US = 1_000_000;
export const MINUTE_US = 60 * SECOND_US;
export const HOUR_US = 60 * MINUTE_US;

export type WallDate = { year: number; month: number; day: number };
export type WallTime = WallDate & { hour: number; minute: number; second: number };

const RFC3339 = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/i;

/** The moment that *text* (RFC 3339) names, or null when it names none. */
export function parseMoment(text: string): number | null {
  const match = RFC3339.exec(text);
  if (!match) return null;
  const [, seconds = "", fraction = "", offset = ""] = match;
  const ms = Date.parse(seconds + offset.toUpperCase());
  if (Number.isNaN(ms)) return null;
  return ms * 1000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** RFC 3339 in UTC, without a fraction where there is none. */
export function formatMoment(us: number): string {
  const second = Math.floor(us / SECOND_US);
  const fraction = Math.floor(us - second * SECOND_US);
  const text = new Date(second * 1000).toISOString().slice(0, 19);
  return fraction === 0 ? `${text}Z` : `${text}.${String(fraction).padStart(6, "0").replace(/0+$/, "")}Z`;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Intl formatters take a millisecond to make, so each is made once. */
export function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options);
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
    formatters.set(key, found);
  }
  return found;
}

export function isZone(zone: string): boolean {
  try {
    formatter(zone, {});
    return true;
  } catch {
    return false;
  }
}

const WALL: Intl.DateTimeFormatOptions = {
  calendar: "gregory",
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
};

/** What the clock on the wall shows in *zone*. */
export function toWall(us: number, zone: string): WallTime {
  const wall: WallTime = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const part of formatter(zone, WALL).formatToParts(us / 1000)) {
    if (part.type in wall) wall[part.type as keyof WallTime] = Number(part.value);
  }
  return wall;
}

function asIfUtc(wall: WallTime): number {
  return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second) * 1000;
}

/** How far the wall clock of *zone* is ahead of UTC at that moment. */
export function offsetUs(us: number, zone: string): number {
  return asIfUtc(toWall(us, zone)) - Math.floor(us / SECOND_US) * SECOND_US;
}

/**
 * The moment at which the clock in *zone* shows *wall*. Of two such moments (the hour that comes twice in autumn) the
 * earlier; where there is none (the hour left out in spring) the moment as far after the jump as *wall* is.
 */
export function fromWall(wall: WallTime, zone: string): number {
  const local = asIfUtc(wall);
  const before = offsetUs(local - 24 * HOUR_US, zone);
  const after = offsetUs(local + 24 * HOUR_US, zone);
  const matching = [local - before, local - after].filter((us) => asIfUtc(toWall(us, zone)) === local);
  return matching.length > 0 ? Math.min(...matching) : local - before;
}

export function addDays(date: WallDate, days: number): WallDate {
  const moved = new Date(Date.UTC(date.year, date.month - 1, date.day + days));
  return { year: moved.getUTCFullYear(), month: moved.getUTCMonth() + 1, day: moved.getUTCDate() };
}

/** When the day begins and ends in *zone*: 23, 24 or 25 hours apart. */
export function dayRange(date: WallDate, zone: string): { fromUs: number; toUs: number } {
  const midnight = { hour: 0, minute: 0, second: 0 };
  return {
    fromUs: fromWall({ ...date, ...midnight }, zone),
    toUs: fromWall({ ...addDays(date, 1), ...midnight }, zone),
  };
}

const two = (n: number) => String(n).padStart(2, "0");

export const dateKey = (d: WallDate) => `${String(d.year).padStart(4, "0")}-${two(d.month)}-${two(d.day)}`;
export const timeKey = (t: WallTime) => `${two(t.hour)}:${two(t.minute)}:${two(t.second)}`;

/** The form of <input type="datetime-local" step="1">. */
export const wallInput = (us: number, zone: string) => {
  const wall = toWall(us, zone);
  return `${dateKey(wall)}T${timeKey(wall)}`;
};

export function parseWallInput(text: string, zone: string): number | null {
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d))?/.exec(text);
  if (!match) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map((n) => Number(n || 0));
  return fromWall({ year, month, day, hour, minute, second }, zone);
}

/** The weeks of a month, Monday first; null outside the month. */
export function weeksOf(year: number, month: number): (WallDate | null)[][] {
  const first = new Date(Date.UTC(year, month - 1, 1));
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const lead = (first.getUTCDay() + 6) % 7;
  const cells = Array.from({ length: Math.ceil((lead + days) / 7) * 7 }, (_, i) => {
    const day = i - lead + 1;
    return day >= 1 && day <= days ? { year, month, day } : null;
  });
  return Array.from({ length: cells.length / 7 }, (_, week) => cells.slice(week * 7, week * 7 + 7));
}
