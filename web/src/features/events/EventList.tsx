import type { ReactNode } from "react";

import type { Camera, CameraEvent } from "../../api/gen";
import { problem } from "../../api/queries";
import { Button } from "../../design/Button";
import { ErrorState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { calendarDate } from "../../text/format";
import { byDay } from "./eventList";
import { EventRow } from "./EventRow";
import styles from "./Events.module.css";
import type { useEventList } from "./useEventList";

type EventListProps = {
  list: ReturnType<typeof useEventList>;
  /** All cameras, to name those of a list of several; null where they are all of one. */
  cameras: readonly Camera[] | null;
  zone: string;
  nowUs: number;
  /** Where a click leads; without it to the camera's page. */
  onSeek?: (event: CameraEvent) => void;
  empty: ReactNode;
};

/** Events by days, the newest first. */
export function EventList({ list: { query, events }, cameras, zone, nowUs, onSeek, empty }: EventListProps) {
  if (query.isPending) return <Skeleton label={text.shell.loading} lines={6} />;
  if (events === undefined) {
    const { title, detail } = problem(query.error);
    const retry = <Button onClick={() => void query.refetch()}>{text.actions.tryAgain}</Button>;
    return <ErrorState title={title} detail={detail} action={retry} />;
  }
  if (events.length === 0) return empty;
  return (
    <div className={styles.days}>
      {byDay(events, zone).map((day) => (
        <section key={day.key} className={styles.day} aria-label={calendarDate(day.atUs, zone)}>
          <h2 className={styles.date}>{calendarDate(day.atUs, zone)}</h2>
          <ul className={styles.rows}>
            {day.events.map((event) => (
              <EventRow
                key={event.id}
                event={event}
                camera={cameras && nameOf(cameras, event.camera)}
                removed={cameras !== null && !cameras.some(({ id }) => id === event.camera)}
                zone={zone}
                nowUs={nowUs}
                {...(onSeek && { onSeek })}
              />
            ))}
          </ul>
        </section>
      ))}
      {query.hasNextPage && (
        <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {text.events.more}
        </Button>
      )}
    </div>
  );
}

const nameOf = (cameras: readonly Camera[], id: string) =>
  cameras.find((camera) => camera.id === id)?.name ?? text.events.removedCamera;
