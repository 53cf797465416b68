import { useState } from "react";

import { useStorage } from "../../api/archive_queries";
import type { Alarm, Storage } from "../../api/gen";
import { useZone } from "../../api/queries";
import { Badge } from "../../design/Badge";
import { Button } from "../../design/Button";
import { cx } from "../../design/cx";
import { Icon, type IconName } from "../../design/Icon";
import { Card } from "../../design/Page";
import { EmptyState } from "../../design/States";
import { text } from "../../text/en";
import { dateAndTime } from "../../text/format";
import { parseMoment } from "../../text/time";
import { SystemPart } from "../system/SystemPart";
import { AddVolumeDialog } from "./AddVolumeDialog";
import { CamerasCard } from "./CamerasCard";
import { FoundPlaces } from "./FoundPlaces";
import { RetentionCard } from "./RetentionCard";
import styles from "./Storage.module.css";
import { VolumeCard } from "./VolumeCard";

/** Where footage is kept, how well, and for how long. */
export function StoragePage() {
  const query = useStorage();
  const zone = useZone();
  const [adding, setAdding] = useState(false);
  return (
    <SystemPart
      view="storage"
      title={text.storage.title}
      query={query}
      actions={
        <Button icon="plus" onClick={() => setAdding(true)}>
          {text.storage.add}
        </Button>
      }
    >
      {(storage) => (
        <>
          <Overall storage={storage} />
          {storage.alarms.length > 0 && <Alarms storage={storage} zone={zone} />}
          <Volumes storage={storage} zone={zone} onAdd={() => setAdding(true)} />
          {storage.found.length > 0 && <FoundPlaces found={storage.found} zone={zone} />}
          <RetentionCard storage={storage} zone={zone} />
          <CamerasCard storage={storage} />
          {adding && <AddVolumeDialog path="" onClose={() => setAdding(false)} />}
        </>
      )}
    </SystemPart>
  );
}

const looks: Readonly<Record<Storage["icon"], { icon: IconName; tone: "good" | "warn" | "bad" }>> = {
  connected: { icon: "drive", tone: "good" },
  not_connected: { icon: "off", tone: "bad" },
  formatting: { icon: "wait", tone: "warn" },
  needs_format: { icon: "warning", tone: "bad" },
  faults: { icon: "warning", tone: "bad" },
};

/** The icon of the device's manual, with the recorder's own sentence. */
function Overall({ storage }: { storage: Storage }) {
  const { icon, tone } = looks[storage.icon];
  const title = storage.title === "" ? text.storage.icons[storage.icon] : storage.title;
  return (
    <div className={styles.overall} role="status">
      <span className={cx(styles.sign, styles[tone])}>
        <Icon name={icon} size={28} />
      </span>
      <div>
        <p className={styles.strong}>{text.storage.icons[storage.icon]}</p>
        <p className={styles.muted}>
          {title !== text.storage.icons[storage.icon] && `${title} `}
          {storage.remedy}
        </p>
      </div>
    </div>
  );
}

function Alarms({ storage, zone }: { storage: Storage; zone: string }) {
  return (
    <Card title={text.storage.alarms}>
      <ul className={styles.rows}>
        {storage.alarms.map((alarm) => (
          <AlarmRow key={alarm.id} alarm={alarm} zone={zone} />
        ))}
      </ul>
    </Card>
  );
}

function AlarmRow({ alarm, zone }: { alarm: Alarm; zone: string }) {
  const since = parseMoment(alarm.since);
  return (
    <li className={styles.alarm}>
      <Badge tone={alarm.severity === "alarm" ? "bad" : "warn"} icon="warning">
        {text.storage.alarm[alarm.severity]}
      </Badge>
      <div>
        <p className={styles.strong}>{alarm.title}</p>
        {alarm.remedy !== "" && <p>{alarm.remedy}</p>}
        {since !== null && <p className={styles.muted}>{text.storage.since(dateAndTime(since, zone))}</p>}
      </div>
    </li>
  );
}

function Volumes({ storage, zone, onAdd }: { storage: Storage; zone: string; onAdd: () => void }) {
  if (storage.volumes.length === 0) {
    return (
      <EmptyState
        icon="drive"
        title={text.storage.noVolumes}
        detail={text.storage.noVolumesDetail}
        action={
          <Button tone="primary" icon="plus" onClick={onAdd}>
            {text.storage.add}
          </Button>
        }
      />
    );
  }
  return (
    <section className={styles.volumes} aria-label={text.storage.volumes}>
      {storage.volumes.map((volume) => (
        <VolumeCard key={volume.id} volume={volume} zone={zone} />
      ))}
    </section>
  );
}
