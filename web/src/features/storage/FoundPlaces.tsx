import { useState } from "react";

import type { Found, FoundArchive } from "../../api/gen";
import { useClient } from "../../api/queries";
import { Badge } from "../../design/Badge";
import { Button } from "../../design/Button";
import { Card } from "../../design/Page";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { bytes, calendarDate } from "../../text/format";
import { parseMoment } from "../../text/time";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { AddVolumeDialog } from "./AddVolumeDialog";
import { FormatDialog } from "./FormatDialog";
import styles from "./Storage.module.css";
import { useStorageCache } from "./useStorageCache";

const t = text.storage;
type Open = { how: "add" | "adopt" | "format"; place: Found } | null;

/** Drives and folders that are there but not used. */
export function FoundPlaces({ found, zone }: { found: readonly Found[]; zone: string }) {
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <Card title={t.found}>
      <ul className={styles.rows}>
        {found.map((place) => (
          <li key={place.path + place.device} className={styles.found}>
            <div className={styles.foundText}>
              <p className={styles.strong}>{place.path === "" ? place.device : place.path}</p>
              <p className={styles.muted}>
                {place.title} {t.fill.of(bytes(place.free_bytes), bytes(place.total_bytes))}
              </p>
              {place.archive && <p className={styles.muted}>{archiveText(place.archive, zone)}</p>}
            </div>
            <Badge>{t.foundWhat[place.what]}</Badge>
            <div className={styles.buttons}>
              {place.what === "empty" && place.path !== "" && (
                <Button tone="primary" onClick={() => setOpen({ how: "add", place })}>
                  {t.use}
                </Button>
              )}
              {place.what === "archive" && (
                <Button tone="primary" onClick={() => setOpen({ how: "adopt", place })}>
                  {t.adopt}
                </Button>
              )}
              {place.device !== "" && (
                <Button onClick={() => setOpen({ how: "format", place })}>{t.actions.format}</Button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {open?.how === "add" && <AddVolumeDialog path={open.place.path} onClose={close} />}
      {open?.how === "adopt" && <AdoptDialog place={open.place} zone={zone} onClose={close} />}
      {open?.how === "format" && (
        <FormatDialog
          what={{ device: open.place.device }}
          name={open.place.device}
          confirm={open.place.confirm}
          device={open.place.device}
          archiveBytes={open.place.archive?.bytes ?? 0}
          heldBytes={0}
          onClose={close}
        />
      )}
    </Card>
  );
}

function archiveText(archive: FoundArchive, zone: string): string {
  const oldest = archive.oldest === null ? null : parseMoment(archive.oldest);
  const newest = archive.newest === null ? null : parseMoment(archive.newest);
  const what = t.foundArchive(archive.recorder, bytes(archive.bytes));
  if (oldest === null || newest === null) return what;
  return `${what}, ${t.foundRange(calendarDate(oldest, zone), calendarDate(newest, zone))}`;
}

function AdoptDialog({ place, zone, onClose }: { place: Found; zone: string; onClose: () => void }) {
  const client = useClient();
  const show = useStorageCache();
  const toast = useToast();
  const [how, setHow] = useState<"adopt" | "read_only">("read_only");
  return (
    <ConfirmDialog
      title={t.adoptTitle}
      password={false}
      tone="primary"
      action={t.addDialog.action}
      onConfirm={() => show(client.addVolume({ path: place.path, how }))}
      onDone={() => toast({ title: t.addDialog.done })}
      onClose={onClose}
    >
      {place.archive && <p>{archiveText(place.archive, zone)}</p>}
      <fieldset className={styles.radios}>
        <legend className="visually-hidden">{t.adoptTitle}</legend>
        {(["read_only", "adopt"] as const).map((value) => (
          <label key={value} className={styles.radio}>
            <input type="radio" name="how" checked={how === value} onChange={() => setHow(value)} />
            {t.adoptHow[value]}
          </label>
        ))}
      </fieldset>
      {how === "adopt" && <p className={styles.muted}>{t.adoptHint}</p>}
    </ConfirmDialog>
  );
}
