import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";

import type { CameraEvent } from "../../api/gen";
import type { Client } from "../../api/client";
import type { EventsWanted } from "../../api/events_wanted";
import { keys, useClient, useRecentEvents } from "../../api/queries";
import { valueOf } from "../../api/result";
import type { Mark } from "../../timeline";
import { chunksOf, type Chunk } from "../timeline/timelineChunks";
import { markOf, withTold } from "./eventList";
import { type Listed, listedOf, missingIn } from "./portions";

const PORTION = 1000;
/** A chunk with more events than this many portions is marked from its newest ones on, which is said. */
const MOST_PORTIONS = 10;
const STALE_MS = 300_000;

/** *missingUntilUs*: what happened before, as far as the view reaches, was too much to be asked for; null where all is there. */
export type Marks = { marks: Mark[][]; missingUntilUs: number | null };

/** What is to be marked on the timeline between two moments, for each camera. */
export function useMarks(cameras: readonly string[], fromUs: number, toUs: number, nowUs: number): Marks {
  const client = useClient();
  const told = useRecentEvents();
  const chunks = chunksOf(fromUs, toUs, nowUs);
  const listed = useQueries({
    queries: chunks.map((chunk) => ({
      queryKey: keys.events({ marks: cameras, ...chunk }),
      queryFn: ({ signal }: { signal: AbortSignal }) => eventsOf(client, cameras, chunk, signal),
      staleTime: STALE_MS,
    })),
    combine: (results) => results.map(({ data }) => data ?? nothing),
  });
  // A month may hold ten thousand: only what still lasts is made anew each second.
  const shown = cameras.join(",");
  const { ended, lasting } = useMemo(() => {
    const events = withTold(
      listed.flatMap(({ events }) => events),
      told,
      { cameras: shown.split(",") },
      true,
    );
    return {
      ended: grouped(
        events.filter(({ until }) => until !== null),
        0,
      ),
      lasting: events.filter(({ until }) => until === null),
    };
  }, [listed, told, shown]);
  const marks = useMemo(() => {
    const now = grouped(lasting, nowUs);
    return shown.split(",").map((camera) => [...(ended.get(camera) ?? []), ...(now.get(camera) ?? [])]);
  }, [ended, lasting, shown, nowUs]);
  return { marks, missingUntilUs: missingIn(listed, fromUs, toUs) };
}

const nothing: Listed = { events: [], completeFromUs: null };

function grouped(events: readonly CameraEvent[], nowUs: number): Map<string, Mark[]> {
  const found = new Map<string, Mark[]>();
  for (const event of events) {
    const marks = found.get(event.camera);
    if (marks) marks.push(markOf(event, nowUs));
    else found.set(event.camera, [markOf(event, nowUs)]);
  }
  return found;
}

async function eventsOf(
  client: Client,
  cameras: readonly string[],
  chunk: Chunk,
  signal: AbortSignal,
): Promise<Listed> {
  return listedOf(async (before) => {
    const wanted: EventsWanted = { cameras, ...chunk, limit: PORTION, ...(before !== null && { before }) };
    return valueOf(await client.events(wanted, signal));
  }, MOST_PORTIONS);
}
