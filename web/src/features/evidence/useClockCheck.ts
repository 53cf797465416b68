import { useQuery } from "@tanstack/react-query";

import { useClient } from "../../api/queries";
import { valueOf } from "../../api/result";
import { parseMoment } from "../../text/time";

/** The recorder's clock read against this computer's, as they were halfway between question and answer. */
export type ClockCheck = { recorderUs: number; browserUs: number; uncertainUs: number };

export function useClockCheck() {
  const client = useClient();
  return useQuery({
    queryKey: ["clock check"],
    staleTime: Infinity,
    gcTime: 0,
    queryFn: async ({ signal }): Promise<ClockCheck> => {
      const asked = Date.now();
      const { to } = valueOf(await client.completeness(signal));
      const answered = Date.now();
      return {
        recorderUs: parseMoment(to) ?? 0,
        browserUs: ((asked + answered) / 2) * 1000,
        uncertainUs: ((answered - asked) / 2) * 1000,
      };
    },
  });
}
