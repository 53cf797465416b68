import { useQuery } from "@tanstack/react-query";

import type { RemovedFootage } from "../../api/gen";
import { keys, useClient, useZone } from "../../api/queries";
import { valueOf } from "../../api/result";
import { buttonClass } from "../../design/Button";
import { Icon } from "../../design/Icon";
import { Card } from "../../design/Page";
import { text } from "../../text/en";
import { bytes, calendarDate, dateAndTime } from "../../text/format";
import { parseMoment } from "../../text/time";
import { Link } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import styles from "./Devices.module.css";

const t = text.devices.removed;

/** A camera just removed is listed once its last recording is closed. */
const READ_MS = 5000;

export function useRemovedCameras() {
  const client = useClient();
  return useQuery({
    queryKey: keys.removedCameras,
    queryFn: async ({ signal }) => valueOf(await client.removedCameras(signal)).items,
    refetchInterval: READ_MS,
  });
}

/** Cameras that were removed while recordings of them are left. */
export function RemovedCard() {
  const zone = useZone();
  const { data } = useRemovedCameras();
  if (!data || data.length === 0) return null;
  return (
    <Card title={t.title}>
      <p className={styles.detail}>{t.intro}</p>
      <ul className={styles.lost}>
        {data.map((removed) => (
          <li key={removed.id}>
            <span className={styles.who}>
              <strong>
                <bdi>{removed.name}</bdi>
              </strong>
              <span className={styles.detail}>{words(removed, zone)}</span>
            </span>
            <Link
              className={buttonClass()}
              href={hrefOf({ view: "removed-camera", id: removed.id, atUs: null })}
              aria-label={t.playOf(removed.name)}
            >
              <Icon name="play" />
              {t.play}
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function words({ removed_at, oldest, newest, bytes: size }: RemovedFootage, zone: string): string {
  const [from, to, left] = [oldest, newest, removed_at].map((at) => (at === null ? null : parseMoment(at)));
  return [
    from != null && to != null ? t.kept(dateAndTime(from, zone), dateAndTime(to, zone)) : "",
    bytes(size),
    left != null ? t.removedAt(calendarDate(left, zone)) : "",
  ]
    .filter((word) => word !== "")
    .join(" · ");
}
