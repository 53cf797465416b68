import { useQuery } from "@tanstack/react-query";

import { keys, useClient } from "../../api/queries";
import { valueOf } from "../../api/result";
import { addDays, dayRange } from "../../text/time";

/** The days of a month that have video, as `YYYY-MM-DD` in *zone*. */
export function useRecordedDays(camera: string, year: number, month: number, zone: string) {
  const client = useClient();
  const first = { year, month, day: 1 };
  const last = addDays({ year, month: month + 1, day: 1 }, -1);
  const fromUs = dayRange(first, zone).fromUs;
  const toUs = dayRange(last, zone).toUs;
  return useQuery({
    queryKey: keys.days(camera, `${year}-${month} ${zone}`),
    queryFn: async ({ signal }) => new Set(valueOf(await client.days(camera, fromUs, toUs, zone, signal)).items),
  });
}
