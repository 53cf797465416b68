import { keepPreviousData, useQuery } from "@tanstack/react-query";

import type { Camera, ExportEstimate, MakeExport } from "../../api/gen";
import { keys, problem, useClient } from "../../api/queries";
import { valueOf } from "../../api/result";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { bytes, duration } from "../../text/format";
import styles from "./Exports.module.css";

/** How large it would become, asked anew whenever the wish, a request as JSON, changes; null asks nothing. */
export function useEstimate(wanted: string | null) {
  const client = useClient();
  return useQuery({
    queryKey: [...keys.exports, "estimate", wanted],
    enabled: wanted !== null,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      wanted === null ? null : valueOf(await client.estimateExport(JSON.parse(wanted) as MakeExport, signal)),
  });
}

type EstimateProps = { query: ReturnType<typeof useEstimate>; cameras: readonly Camera[] };

/** The size, and what to know before: holes, footage that is not there, codecs. */
export function Estimate({ query, cameras }: EstimateProps) {
  if (query.isError)
    return <Notice tone="bad" title={problem(query.error).title} detail={problem(query.error).detail} />;
  if (!query.data) return query.isFetching ? <p className={styles.muted}>{text.exports.estimate.working}</p> : null;
  const seconds = query.data.items.reduce((sum, item) => sum + item.seconds, 0);
  if (seconds === 0) {
    return <Notice tone="warn" title={text.exports.estimate.nothing} detail={query.data.items[0]?.gaps[0]?.title} />;
  }
  return <Found estimate={query.data} seconds={seconds} cameras={cameras} />;
}

function Found({
  estimate,
  seconds,
  cameras,
}: {
  estimate: ExportEstimate;
  seconds: number;
  cameras: readonly Camera[];
}) {
  const t = text.exports.estimate;
  const holes = estimate.items.reduce((sum, item) => sum + item.gaps.length, 0);
  const name = (id: string) => cameras.find((camera) => camera.id === id)?.name ?? id;
  const notices = [
    ...estimate.notices,
    ...estimate.items.flatMap((item) => item.notices.map((notice) => t.camera(name(item.camera), notice))),
    ...estimate.items.filter((item) => item.seconds === 0).map((item) => t.noVideo(name(item.camera))),
  ];
  return (
    <div className={styles.estimate} aria-live="polite">
      <p>
        {t.size(bytes(estimate.bytes), estimate.files, duration(seconds))} {holes > 0 && t.gaps(holes)}
      </p>
      {notices.map((notice) => (
        <p key={notice} className={styles.muted}>
          {notice}
        </p>
      ))}
    </div>
  );
}
