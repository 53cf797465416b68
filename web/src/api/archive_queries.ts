import { useQuery } from "@tanstack/react-query";

import { keys, useClient } from "./queries";
import { valueOf } from "./result";

const MINUTE_MS = 60_000;

/** Where footage is kept; kept up to date by what the recorder tells. */
export function useStorage() {
  const client = useClient();
  return useQuery({ queryKey: keys.storage, queryFn: async ({ signal }) => valueOf(await client.storage(signal)) });
}

/** How whole the last day is, camera by camera. */
export function useCompleteness() {
  const client = useClient();
  return useQuery({
    queryKey: keys.completeness,
    refetchInterval: MINUTE_MS,
    queryFn: async ({ signal }) => valueOf(await client.completeness(signal)),
  });
}

/** Drives that exports can be written to; somebody may plug one in while this is looked at. */
export function useDrives() {
  const client = useClient();
  return useQuery({
    queryKey: keys.drives,
    refetchInterval: 5000,
    queryFn: async ({ signal }) => valueOf(await client.drives(signal)).items,
  });
}

export function useHolds() {
  const client = useClient();
  return useQuery({ queryKey: keys.holds, queryFn: async ({ signal }) => valueOf(await client.holds(signal)).items });
}

/** All exports, the newest first; progress comes with what the recorder tells. */
export function useExports() {
  const client = useClient();
  return useQuery({
    queryKey: keys.exports,
    queryFn: async ({ signal }) => valueOf(await client.exports(signal)).items,
  });
}

export function useShares() {
  const client = useClient();
  return useQuery({ queryKey: keys.shares, queryFn: async ({ signal }) => valueOf(await client.shares(signal)).items });
}

export function useEvidence() {
  const client = useClient();
  return useQuery({
    queryKey: keys.evidence,
    refetchInterval: MINUTE_MS / 2,
    queryFn: async ({ signal }) => valueOf(await client.evidence(signal)),
  });
}
