import { text } from "../../text/en";
import { HOUR_US } from "../../text/time";

const HOURS = ["1", "24", "72", "168", "720"] as const;
export type Lifetime = (typeof HOURS)[number];
const NEARLY_US = HOUR_US;

const label = (hours: number) =>
  hours < 24 ? text.shares.dialog.hours(hours) : text.shares.dialog.days(Math.round(hours / 24));

/** How long a link may last, in hours: never longer than the export, which an hour more or less does not change. */
export function lifetimes(nowUs: number, exportEndsUs: number | null): { value: Lifetime; label: string }[] {
  const left = (exportEndsUs ?? Infinity) - nowUs + NEARLY_US;
  return HOURS.filter((hours) => hours === "1" || Number(hours) * HOUR_US <= left).map((value) => ({
    value,
    label: label(Number(value)),
  }));
}
