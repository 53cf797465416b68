import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

import type { EventsWanted } from "../../api/events_wanted";
import { keys, useClient, useRecentEvents } from "../../api/queries";
import { valueOf } from "../../api/result";
import { withTold } from "./eventList";

const PORTION = 100;

/** The events that are wanted, the newest first, with those that come while the list is looked at. */
export function useEventList(wanted: EventsWanted) {
  const client = useClient();
  const told = useRecentEvents();
  const query = useInfiniteQuery({
    queryKey: keys.events(wanted),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      valueOf(
        await client.events({ ...wanted, limit: PORTION, ...(pageParam !== null && { before: pageParam }) }, signal),
      ),
    getNextPageParam: (last) => last.next,
  });
  const listed = query.data?.pages;
  const whole = !query.hasNextPage;
  const events = useMemo(
    () =>
      listed &&
      withTold(
        listed.flatMap(({ items }) => items),
        told,
        wanted,
        whole,
      ),
    [listed, told, wanted, whole],
  );
  return { query, events };
}
