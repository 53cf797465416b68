import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";

import type { Discovery } from "../../api/gen";
import { keys, useClient } from "../../api/queries";
import { valueOf } from "../../api/result";
import { useAction } from "../asking/useAction";

const SEARCHING_MS = 1000;
const LISTENING_MS = 5000; // devices that come and go tell of it by themselves

/** The search for cameras, begun by whoever looks at it. */
export function useDiscovery() {
  const client = useClient();
  const cache = useQueryClient();
  const { busy, problem, run } = useAction();
  const begun = useRef(false);
  // What was known before our search began would come after it, and be taken for its result.
  const [started, setStarted] = useState(false);
  const query = useQuery({
    queryKey: keys.discovery,
    enabled: started,
    queryFn: async ({ signal }) => valueOf(await client.discovery(signal)),
    refetchInterval: (query) => (query.state.data?.state === "searching" ? SEARCHING_MS : LISTENING_MS),
    retry: false,
  });
  const put = (discovery: Discovery) => cache.setQueryData<Discovery>(keys.discovery, discovery);
  const search = async () => {
    const answer = await run(client.startDiscovery());
    if (answer.ok) put(answer.value);
    setStarted(true);
  };
  const stop = async () => {
    const answer = await run(client.stopDiscovery());
    if (answer.ok) put(answer.value);
  };
  useEffect(() => {
    if (begun.current) return; // React may mount an effect twice in development
    begun.current = true;
    void search();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, on arrival
  }, []);
  return { discovery: query.data, problem, busy, search, stop };
}
