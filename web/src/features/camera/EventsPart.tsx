import { useMemo } from "react";

import type { Camera } from "../../api/gen";
import { EmptyState } from "../../design/States";
import { text } from "../../text/en";
import { EventList } from "../events/EventList";
import { atOf } from "../events/eventList";
import { BEFORE_US } from "../events/EventRow";
import { useEventList } from "../events/useEventList";

type EventsPartProps = { camera: Camera; zone: string; nowUs: number; onSeek: (us: number) => void };

/** The events of one camera; a click moves the picture beside them. */
export function EventsPart({ camera, zone, nowUs, onSeek }: EventsPartProps) {
  const wanted = useMemo(() => ({ cameras: [camera.id] }), [camera.id]);
  const list = useEventList(wanted);
  return (
    <EventList
      list={list}
      cameras={null}
      zone={zone}
      nowUs={nowUs}
      onSeek={(event) => onSeek(atOf(event) - BEFORE_US)}
      empty={<EmptyState icon="bell" title={text.events.empty} detail={text.events.emptyDetail} />}
    />
  );
}
