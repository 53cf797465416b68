import type { Stretch } from "./timelineChunks";
import { useTimelines } from "./useTimelines";

const none: Stretch[] = [];

/** What there is of a camera between two moments. */
export function useTimeline(camera: string, fromUs: number, toUs: number, nowUs: number) {
  const { stretches, ...rest } = useTimelines([camera], fromUs, toUs, nowUs);
  return { stretches: stretches[0] ?? none, ...rest };
}
