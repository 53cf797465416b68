import { useQuery } from "@tanstack/react-query";

import { keys, useClient } from "./queries";
import { valueOf } from "./result";

const CONTROLS_MS = 5000;

/** What a camera reports of its settings; only asked for anew where somebody wishes it, for it costs the camera seconds. */
export function useCameraSettings(id: string) {
  const client = useClient();
  return useQuery({
    queryKey: keys.settings(id),
    staleTime: Infinity,
    gcTime: 60_000,
    retry: false,
    queryFn: async ({ signal }) => valueOf(await client.settings(id, signal)),
  });
}

/** What can be steered on a camera, and how its inputs and outputs stand while somebody looks. */
export function useControls(id: string, { enabled, watched }: { enabled: boolean; watched: boolean }) {
  const client = useClient();
  return useQuery({
    queryKey: keys.controls(id),
    enabled,
    retry: false,
    refetchInterval: watched ? CONTROLS_MS : false,
    queryFn: async ({ signal }) => valueOf(await client.controls(id, signal)),
  });
}
