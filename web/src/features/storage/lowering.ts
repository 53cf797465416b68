import type { Storage } from "../../api/gen";
import { SECOND_US } from "../../text/time";

export const DAY_US = 86_400 * SECOND_US;

/** What a depth (null: unlimited) would cost: days of footage, and roughly how large they are. */
export type Cost = { lower: boolean; days: number; bytes: number | null };

/** Whether *days* keeps less than *kept*; null is without end. */
export function isLower(days: number | null, kept: number | null): boolean {
  return days !== null && (kept === null || days < kept);
}

export function costOfDepth(storage: Storage, days: number | null): Cost {
  const lower = isLower(days, storage.depth.days);
  const lost = days === null ? 0 : Math.max(0, storage.depth.current_days - days);
  const perDay = storage.forecast.bytes_per_day;
  return { lower, days: lost, bytes: perDay === null ? null : perDay * lost };
}

/** How much of what is there would not fit under a size limit (null: none). */
export function costOfSize(storage: Storage, limit: number | null): { lower: boolean; bytes: number } {
  const used = storage.volumes.reduce((sum, volume) => sum + volume.archive_bytes, 0);
  return { lower: isLower(limit, storage.size_limit_bytes), bytes: limit === null ? 0 : Math.max(0, used - limit) };
}

/** A depth as typed, or null where it is none that can be set. */
export function typedDays(words: string): number | null {
  const days = Number(words);
  return words.trim() !== "" && Number.isInteger(days) && days >= 1 && days <= 360 ? days : null;
}
