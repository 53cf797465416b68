import { useMemo, useState } from "react";

import { Button } from "../../design/Button";
import { Card } from "../../design/Page";
import { EmptyState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { calendarDate, clockTime, duration } from "../../text/format";
import { dayRange, SECOND_US, toWall } from "../../text/time";
import styles from "./Recordings.module.css";
import { rowsOf } from "./recordings";
import { useTimeline } from "../timeline/useTimeline";

const PORTION = 100;
type RecordingsListProps = { camera: string; zone: string; dayUs: number; nowUs: number; onSeek: (us: number) => void };

/** The timeline of one day in words, for those who read rather than look, and to find a gap by its reason. */
export function RecordingsList({ camera, zone, dayUs, nowUs, onSeek }: RecordingsListProps) {
  const { fromUs, toUs } = dayRange(toWall(dayUs, zone), zone);
  const { stretches, pending } = useTimeline(camera, fromUs, toUs, nowUs);
  const rows = useMemo(() => rowsOf(stretches, fromUs, toUs), [stretches, fromUs, toUs]);
  const [shown, setShown] = useState(PORTION);
  const day = calendarDate(dayUs, zone);

  return (
    <Card title={text.recordings.title(day)}>
      {rows.length === 0 && pending && <Skeleton label={text.shell.loading} />}
      {rows.length === 0 && !pending && <EmptyState icon="list" title={text.recordings.empty} />}
      {rows.length > 0 && (
        <table className={styles.table}>
          <caption className="visually-hidden">{text.recordings.title(day)}</caption>
          <thead>
            <tr>
              <th scope="col">{text.recordings.from}</th>
              <th scope="col">{text.recordings.to}</th>
              <th scope="col">{text.recordings.length}</th>
              <th scope="col">{text.recordings.what}</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map((row) => (
              <tr key={row.fromUs}>
                <td>
                  {row.gap === null ? (
                    <button type="button" className={styles.seek} onClick={() => onSeek(row.fromUs)}>
                      <span className="visually-hidden">{text.recordings.play}</span>
                      <time>{clockTime(row.fromUs, zone)}</time>
                    </button>
                  ) : (
                    <time className={styles.from}>{clockTime(row.fromUs, zone)}</time>
                  )}
                </td>
                <td>
                  <time>{clockTime(row.toUs, zone)}</time>
                </td>
                <td>{duration((row.toUs - row.fromUs) / SECOND_US)}</td>
                <td className={row.gap === null ? styles.recording : styles.gap}>
                  {row.gap ?? text.recordings.recording}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rows.length > shown && (
        <Button onClick={() => setShown(shown + PORTION)}>{text.recordings.more(rows.length - shown)}</Button>
      )}
    </Card>
  );
}
