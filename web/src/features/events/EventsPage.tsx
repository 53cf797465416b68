import { useMemo } from "react";

import { useCameras, useZone } from "../../api/queries";
import { buttonClass } from "../../design/Button";
import { Page } from "../../design/Page";
import { EmptyState } from "../../design/States";
import { text } from "../../text/en";
import { zoneName } from "../../text/format";
import { dateKey, toWall } from "../../text/time";
import { useNow } from "../camera/useNow";
import { Link } from "../shell/navigation";
import { type EventsRoute, hrefOf } from "../shell/routes";
import { EventFilters } from "./EventFilters";
import { EventList } from "./EventList";
import { wantedOf } from "./eventList";
import styles from "./Events.module.css";
import { useEventList } from "./useEventList";

/** What all cameras saw and told, the newest first, as it comes. */
export function EventsPage({ route }: { route: EventsRoute }) {
  const zone = useZone();
  const known = useCameras().data;
  const cameras = known ?? [];
  const { nowUs } = useNow();
  const wanted = useMemo(() => wantedOf(route, zone), [route, zone]);
  const list = useEventList(wanted);
  const filtered = route.cameras.length > 0 || route.kinds.length > 0 || route.day !== null;
  return (
    <Page title={text.events.title}>
      <EventFilters route={route} cameras={cameras} today={dateKey(toWall(nowUs, zone))} />
      <EventList
        list={list}
        cameras={known ?? null}
        zone={zone}
        nowUs={nowUs}
        empty={
          filtered ? (
            <EmptyState
              icon="bell"
              title={text.events.nothing}
              detail={text.events.nothingDetail}
              action={
                <Link className={buttonClass()} href={hrefOf({ view: "events", cameras: [], kinds: [], day: null })}>
                  {text.events.clear}
                </Link>
              }
            />
          ) : (
            <EmptyState icon="bell" title={text.events.empty} detail={text.events.emptyDetail} />
          )
        }
      />
      <p className={styles.foot}>
        {text.events.live} {text.events.times(zoneName(zone, nowUs))}
      </p>
    </Page>
  );
}
