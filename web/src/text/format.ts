/** Values as a person reads them. */
import { formatter, HOUR_US, MINUTE_US, offsetUs } from "./time";

const CLOCK: Intl.DateTimeFormatOptions = { hourCycle: "h23", hour: "2-digit", minute: "2-digit", second: "2-digit" };
const DATE: Intl.DateTimeFormatOptions = { weekday: "short", day: "numeric", month: "short", year: "numeric" };

export const clockTime = (us: number, zone: string) => formatter(zone, CLOCK).format(us / 1000);
export const calendarDate = (us: number, zone: string) => formatter(zone, DATE).format(us / 1000);
export const dateAndTime = (us: number, zone: string) => `${calendarDate(us, zone)}, ${clockTime(us, zone)}`;
/** From one moment to another; the day once where it is the same. */
export function span(fromUs: number, toUs: number, zone: string): string {
  const sameDay = calendarDate(fromUs, zone) === calendarDate(toUs, zone);
  return `${dateAndTime(fromUs, zone)} – ${sameDay ? clockTime(toUs, zone) : dateAndTime(toUs, zone)}`;
}
export const monthName = (year: number, month: number) =>
  formatter("UTC", { month: "long", year: "numeric" }).format(Date.UTC(year, month - 1, 1));
export const longDate = (year: number, month: number, day: number) =>
  formatter("UTC", { weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(
    Date.UTC(year, month - 1, day),
  );

/** "Europe/Berlin (UTC+1)": the zone that all times of a view are in. */
export function zoneName(zone: string, us: number): string {
  const offset = offsetUs(us, zone);
  const sign = offset < 0 ? "-" : "+";
  const hours = Math.floor(Math.abs(offset) / HOUR_US);
  const minutes = Math.round((Math.abs(offset) % HOUR_US) / MINUTE_US);
  const suffix =
    offset === 0 ? "UTC" : `UTC${sign}${hours}${minutes > 0 ? `:${String(minutes).padStart(2, "0")}` : ""}`;
  return /^(Etc\/)?(UTC|GMT|UCT|Zulu|Universal)$/.test(zone) ? "UTC" : `${zone.replaceAll("_", " ")} (${suffix})`;
}

/** "2 d 3 h", "5 min 12 s": the two largest units. */
export function duration(seconds: number): string {
  const units: [number, string][] = [
    [86400, "d"],
    [3600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const whole = Math.max(0, Math.round(seconds));
  const largest = units.findIndex(([size]) => whole >= size);
  if (largest < 0) return "0 s";
  let rest = whole;
  const parts = units.slice(largest, largest + 2).map(([size, name]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return { count, name };
  });
  return parts
    .filter(({ count }) => count > 0)
    .map(({ count, name }) => `${count} ${name}`)
    .join(" ");
}

function scaled(value: number, units: readonly string[]): string {
  let power = 0;
  let rest = value;
  while (rest >= 999.5 && power < units.length - 1) {
    rest /= 1000;
    power += 1;
  }
  const digits = power > 0 && rest < 9.95 ? 1 : 0;
  return `${rest.toFixed(digits)} ${units[power] ?? ""}`;
}

export const bytes = (count: number) => scaled(count, ["B", "kB", "MB", "GB", "TB", "PB"]);
export const bitrate = (bitsPerSecond: number) => scaled(bitsPerSecond, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"]);
export const frameRate = (fps: number) => `${Number(fps.toFixed(1))} fps`;
export const days = (count: number) => (count < 1 ? duration(count * 86400) : `${Number(count.toFixed(1))} d`);

const CODECS: Readonly<Record<string, string>> = {
  h264: "H.264",
  h265: "H.265",
  aac: "AAC",
  pcma: "G.711 A-law",
  pcmu: "G.711 µ-law",
};
export const codecName = (codec: string) => CODECS[codec] ?? codec.toUpperCase();
