import { useQueries } from "@tanstack/react-query";

import { keys, useClient } from "../../api/queries";
import { valueOf } from "../../api/result";
import { chunksOf, type Stretch, stretchOf } from "./timelineChunks";

const LIVE_REFRESH_MS = 5_000;
const STALE_MS = 300_000;

type Shown = { stretches: Stretch[][]; failed: boolean; pending: boolean; retry: () => void };

/** What there is of cameras between two moments, for each of them; the piece that holds the present is kept fresh. */
export function useTimelines(cameras: readonly string[], fromUs: number, toUs: number, nowUs: number): Shown {
  const client = useClient();
  const chunks = chunksOf(fromUs, toUs, nowUs);
  return useQueries({
    queries: cameras.flatMap((camera) =>
      chunks.map((chunk) => {
        const open = chunk.toUs > nowUs;
        return {
          queryKey: keys.timeline(camera, chunk.fromUs, chunk.toUs),
          queryFn: async ({ signal }: { signal: AbortSignal }) =>
            stretchOf(valueOf(await client.timeline(camera, chunk.fromUs, chunk.toUs, signal))),
          staleTime: open ? LIVE_REFRESH_MS : STALE_MS,
          refetchInterval: open ? LIVE_REFRESH_MS : (false as const),
        };
      }),
    ),
    combine: (results) => ({
      stretches: cameras.map((_, i) =>
        results.slice(i * chunks.length, (i + 1) * chunks.length).flatMap(({ data }) => data ?? []),
      ),
      failed: results.some(({ isError, data }) => isError && !data),
      pending: results.some(({ isPending }) => isPending),
      retry: () => results.forEach((result) => void result.refetch()),
    }),
  });
}
