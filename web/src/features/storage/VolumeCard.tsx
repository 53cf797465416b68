import { useState } from "react";

import type { ArchiveVolume, Disk, VolumeState } from "../../api/gen";
import { useClient } from "../../api/queries";
import { Badge, type Tone } from "../../design/Badge";
import { IconButton } from "../../design/Button";
import { FillBar } from "../../design/FillBar";
import { Menu, type MenuItem } from "../../design/Menu";
import { Card, Facts, Meter } from "../../design/Page";
import { text } from "../../text/en";
import { bytes, dateAndTime, duration } from "../../text/format";
import { parseMoment } from "../../text/time";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { useTold } from "../asking/useAction";
import { useToast } from "../../design/Toast";
import { FormatDialog } from "./FormatDialog";
import { RenameVolumeDialog } from "./RenameVolumeDialog";
import styles from "./Storage.module.css";
import { useStorageCache } from "./useStorageCache";

type Open = "rename" | "forget" | "format" | null;
const t = text.storage;

const tones: Readonly<Record<VolumeState, Tone>> = {
  ok: "good",
  error: "bad",
  needs_format: "bad",
  formatting: "warn",
  not_installed: "bad",
  swapped: "bad",
  read_only: "neutral",
  full: "warn",
  slow: "warn",
};

/** One place where footage is kept. */
export function VolumeCard({ volume, zone }: { volume: ArchiveVolume; zone: string }) {
  const client = useClient();
  const told = useTold();
  const toast = useToast();
  const show = useStorageCache();
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  const role = volume.role === "record" ? "read_only" : "record";
  const items: MenuItem[] = [
    { label: t.actions.rename, icon: "edit", onSelect: () => setOpen("rename") },
    {
      label: volume.role === "record" ? t.actions.readOnly : t.actions.record,
      icon: volume.role === "record" ? "pause" : "play",
      onSelect: () => void told(show(client.changeVolume(volume.id, { role }))),
    },
    { label: t.actions.forget, icon: "logOut", onSelect: () => setOpen("forget") },
    { label: t.actions.format, icon: "trash", tone: "bad", onSelect: () => setOpen("format") },
  ];
  const words = volume.title === t.states[volume.state] ? "" : volume.title;
  return (
    <Card
      as="article"
      title={volume.name}
      actions={
        <div className={styles.cardActions}>
          <Badge tone={tones[volume.state]} icon={volume.state === "ok" ? "check" : "warning"}>
            {t.states[volume.state]}
          </Badge>
          <Menu trigger={<IconButton icon="more" label={t.actions.menu(volume.name)} />} items={items} />
        </div>
      }
    >
      {(words !== "" || volume.remedy !== "") && volume.state !== "ok" && (
        <p role="status">
          <strong>{words}</strong> {volume.remedy}
        </p>
      )}
      {volume.progress !== null && (
        <Meter label={t.format.progress} value={volume.progress} text={text.player.percent(volume.progress)} />
      )}
      {volume.total_bytes > 0 && <Fill volume={volume} />}
      <VolumeFacts volume={volume} zone={zone} />
      {open === "rename" && <RenameVolumeDialog volume={volume} onClose={close} />}
      {open === "format" && (
        <FormatDialog
          what={{ volume: volume.id }}
          name={volume.name}
          confirm={volume.confirm}
          device={volume.disk?.device ?? ""}
          archiveBytes={volume.archive_bytes}
          heldBytes={volume.held_bytes}
          onClose={close}
        />
      )}
      {open === "forget" && (
        <ConfirmDialog
          title={t.forget.title(volume.name)}
          action={t.forget.action}
          onConfirm={(password) => show(client.forgetVolume(volume.id, password))}
          onDone={() => toast({ title: t.forget.done(volume.name) })}
          onClose={close}
        >
          <p>{t.forget.lost}</p>
          <p>{t.forget.stays}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

function Fill({ volume }: { volume: ArchiveVolume }) {
  const total = volume.total_bytes;
  const other = Math.max(0, total - volume.free_bytes - volume.archive_bytes);
  const recorded = Math.max(0, volume.archive_bytes - volume.held_bytes);
  const parts = [
    { label: `${t.fill.recordings} ${bytes(recorded)}`, share: recorded / total, kind: "recorded" as const },
    { label: `${t.fill.held} ${bytes(volume.held_bytes)}`, share: volume.held_bytes / total, kind: "held" as const },
    { label: `${t.fill.other} ${bytes(other)}`, share: other / total, kind: "other" as const },
  ].filter(({ share, kind }) => share > 0 || kind === "recorded");
  return (
    <FillBar label={t.fill.label(volume.name)} text={t.fill.of(bytes(volume.free_bytes), bytes(total))} parts={parts} />
  );
}

function VolumeFacts({ volume, zone }: { volume: ArchiveVolume; zone: string }) {
  const oldest = volume.oldest === null ? null : parseMoment(volume.oldest);
  const { faults, disk } = volume;
  return (
    <>
      <Facts
        items={[
          { name: t.place, value: volume.path },
          { name: t.used, value: t.role[volume.role] },
          { name: t.oldest, value: oldest === null ? t.nothing : dateAndTime(oldest, zone) },
          ...(disk ? diskFacts(disk) : []),
          {
            name: t.faults,
            value: t.faultsOf(faults.count, faults.threshold, duration(faults.window_s)),
            tone:
              faults.count >= faults.threshold ? ("bad" as const) : faults.count > 0 ? ("warn" as const) : undefined,
          },
        ]}
      />
      <details className={styles.details}>
        <summary>{t.details}</summary>
        <Facts
          items={[
            { name: t.fileSystem, value: volume.file_system },
            ...(disk
              ? [
                  { name: t.device, value: disk.device },
                  { name: t.serial, value: disk.serial === "" ? text.evidence.commissioning.noSerial : disk.serial },
                ]
              : []),
          ]}
        />
        {!disk && <p className={styles.muted}>{t.noDisk}</p>}
        {faults.recent.length > 0 && (
          <>
            <h3>{t.recentFaults}</h3>
            <ul className={styles.faults}>
              {faults.recent.map((fault) => (
                <li key={fault.at + fault.what}>
                  <time>{dateAndTime(parseMoment(fault.at) ?? 0, zone)}</time> {fault.what}
                </li>
              ))}
            </ul>
          </>
        )}
      </details>
    </>
  );
}

function diskFacts(disk: Disk) {
  const { temperature_c: now, temperature_limit_c: limit } = disk;
  const hot = now !== null && limit !== null && now >= limit;
  const smart = { ok: undefined, failing: "bad", unknown: undefined } as const;
  return [
    { name: t.drive, value: `${disk.model || disk.device}, ${t.driveKinds[disk.kind]}` },
    {
      name: t.temperature,
      value: now === null ? t.unknownTemperature : limit === null ? t.degrees(now) : t.degreesOf(now, limit),
      tone: hot ? ("bad" as const) : undefined,
    },
    {
      name: t.smart,
      value: (
        <>
          {t.smartStates[disk.smart]}
          {disk.smart !== "ok" && disk.smart_title !== "" && ` · ${disk.smart_title}`}
        </>
      ),
      tone: smart[disk.smart],
    },
  ];
}
