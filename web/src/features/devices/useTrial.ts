import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import type { Trial } from "../../api/gen";
import { keys, useClient } from "../../api/queries";
import { valueOf } from "../../api/result";

const READ_MS = 1000;

/** A trial kept alive and up to date while it is looked at; leaving closes it unless it was *kept*. */
export function useTrial(opened: Trial) {
  const client = useClient();
  const cache = useQueryClient();
  const kept = useRef(false);
  const closing = useRef<number>(undefined);
  const query = useQuery({
    queryKey: keys.trial(opened.id),
    queryFn: async ({ signal }) => valueOf(await client.trial(opened.id, signal)),
    initialData: opened,
    refetchInterval: READ_MS,
    refetchIntervalInBackground: true,
    staleTime: 0,
    gcTime: 0,
  });

  useEffect(() => {
    const close = () => {
      if (!kept.current) void client.closeTrial(opened.id);
    };
    // React may mount an effect twice in development; what comes back at once was not left.
    window.clearTimeout(closing.current);
    window.addEventListener("pagehide", close);
    return () => {
      window.removeEventListener("pagehide", close);
      closing.current = window.setTimeout(close);
    };
  }, [client, opened.id]);

  return {
    trial: query.data,
    lost: query.isError,
    keep: () => (kept.current = true),
    /** Show at once what an answer brought. */
    put: (trial: Trial) => cache.setQueryData<Trial>(keys.trial(opened.id), trial),
  };
}
