import { addDays, type WallDate } from "../../text/time";

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** The day that an arrow key leads to, if it lies in the same month. */
export function dayAfterKey(from: WallDate, key: string): WallDate | null {
  const step = steps[key];
  if (step === undefined) return null;
  const to = addDays(from, step);
  return to.month === from.month && to.year === from.year ? to : null;
}
