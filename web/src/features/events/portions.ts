/** Many events, asked for portion by portion. */

import type { CameraEvent, CameraEvents } from "../../api/gen";
import { atOf } from "./eventList";

/** *completeFromUs*: events before that were too many to be asked for; null where all are there. */
export type Listed = { events: CameraEvent[]; completeFromUs: number | null };

/** All portions, the newest first, but no more than *most*. */
export async function listedOf(ask: (before: string | null) => Promise<CameraEvents>, most: number): Promise<Listed> {
  const events: CameraEvent[] = [];
  let before: string | null = null;
  for (let portion = 0; portion < most; portion++) {
    const page = await ask(before);
    events.push(...page.items);
    before = page.next;
    if (before === null) return { events, completeFromUs: null };
  }
  const oldest = events.at(-1);
  return { events, completeFromUs: oldest ? atOf(oldest) : null };
}

/** The last moment in view before which something is missing. */
export function missingIn(listed: readonly Listed[], fromUs: number, toUs: number): number | null {
  const until = listed
    .map(({ completeFromUs }) => completeFromUs)
    .filter((us) => us !== null)
    .filter((us) => us > fromUs);
  return until.length === 0 ? null : Math.min(toUs, Math.max(...until));
}
