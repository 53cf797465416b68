import { formatMoment } from "../text/time";
import type { EventKind } from "./gen";

/** Which events a list shall have; all where nothing is named. *before* is the `next` of the list before it. */
export type EventsWanted = {
  cameras?: readonly string[];
  kinds?: readonly EventKind[];
  fromUs?: number;
  toUs?: number;
  before?: string;
  limit?: number;
};

/** The members of the query. */
export function eventsQuery({ cameras, kinds, fromUs, toUs, before, limit }: EventsWanted): Record<string, string> {
  return {
    ...(cameras && cameras.length > 0 && { camera: cameras.join(",") }),
    ...(kinds && kinds.length > 0 && { kind: kinds.join(",") }),
    ...(fromUs !== undefined && { from: formatMoment(fromUs) }),
    ...(toUs !== undefined && { to: formatMoment(toUs) }),
    ...(before !== undefined && { before }),
    ...(limit !== undefined && { limit: String(limit) }),
  };
}
