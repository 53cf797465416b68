import type { Recorder } from "../../api/gen";
import { problem, useRecorder, useZone } from "../../api/queries";
import { Badge } from "../../design/Badge";
import { Button } from "../../design/Button";
import { Switch } from "../../design/Field";
import { Card, Facts, Meter, Page } from "../../design/Page";
import { Segmented } from "../../design/Segmented";
import { ErrorState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { bytes, dateAndTime, days, duration, zoneName } from "../../text/format";
import { parseMoment } from "../../text/time";
import { useNow } from "../camera/useNow";
import { setPreferences, type Theme, usePreferences } from "../shell/preferences";
import { SessionsCard } from "./SessionsCard";
import styles from "./System.module.css";
import { SystemTabs } from "./SystemTabs";

/** The recorder, its archive, who is signed in, and how this browser shows the app. */
export function SystemPage() {
  const query = useRecorder();
  const zone = useZone();
  return (
    <Page title={text.places.system}>
      <SystemTabs view="system" />
      {query.isPending && <Skeleton label={text.shell.loading} lines={6} />}
      {query.isError && !query.data && (
        <ErrorState
          title={problem(query.error).title}
          detail={problem(query.error).detail}
          action={<Button onClick={() => void query.refetch()}>{text.actions.tryAgain}</Button>}
        />
      )}
      <div className={styles.cards}>
        {query.data && <RecorderCard recorder={query.data} zone={zone} />}
        {query.data && <ArchiveCard recorder={query.data} zone={zone} />}
        <AppearanceCard />
        <SessionsCard zone={zone} />
      </div>
    </Page>
  );
}

function RecorderCard({ recorder, zone }: { recorder: Recorder; zone: string }) {
  const { nowUs } = useNow();
  const started = parseMoment(recorder.started_at);
  const { online, total } = recorder.cameras;
  return (
    <Card title={text.system.recorder}>
      <Facts
        items={[
          { name: text.system.name, value: recorder.name },
          { name: text.system.version, value: recorder.version },
          {
            name: text.system.cameras,
            value: text.wall.online(online, total),
            tone: online < total ? ("warn" as const) : undefined,
          },
          // Counted on from the start, so that it runs between two messages.
          {
            name: text.system.uptime,
            value: duration(started === null ? recorder.uptime_s : (nowUs - started) / 1e6),
          },
          ...(started === null ? [] : [{ name: text.system.started, value: dateAndTime(started, zone) }]),
          { name: text.system.zone, value: zoneName(zone, nowUs) },
        ]}
      />
    </Card>
  );
}

const LATE_S = 5;

function ArchiveCard({ recorder, zone }: { recorder: Recorder; zone: string }) {
  const { archive, volume } = recorder;
  const oldest = archive.oldest === null ? null : parseMoment(archive.oldest);
  const good = archive.state.phase === "recording";
  const late = (seconds: number) => (seconds > LATE_S ? ("warn" as const) : undefined);
  return (
    <Card
      title={text.system.archive}
      actions={
        <Badge tone={good ? "good" : "bad"} icon={good ? "check" : "warning"}>
          {text.archivePhases[archive.state.phase]}
        </Badge>
      }
    >
      {!good && (
        <p role="status">
          <strong>{archive.state.title}</strong> {archive.state.remedy}
        </p>
      )}
      {archive.limit_bytes !== null && (
        <Meter
          label={text.system.used}
          value={archive.bytes / Math.max(1, archive.limit_bytes)}
          text={text.system.of(bytes(archive.bytes), bytes(archive.limit_bytes))}
        />
      )}
      {volume && (
        <Meter
          label={text.system.drive}
          value={1 - volume.free_bytes / Math.max(1, volume.total_bytes)}
          text={text.system.free(bytes(volume.free_bytes), bytes(volume.total_bytes))}
        />
      )}
      <Facts
        items={[
          ...(archive.limit_bytes === null ? [{ name: text.system.used, value: bytes(archive.bytes) }] : []),
          { name: text.system.depth, value: days(archive.depth_days) },
          {
            name: text.system.oldest,
            value: oldest === null ? text.system.nothing : dateAndTime(oldest, zone),
          },
          { name: text.system.queue, value: text.system.seconds(archive.queue_s), tone: late(archive.queue_s) },
          {
            name: text.system.unsynced,
            value: text.system.seconds(archive.unsynced_s),
            tone: late(archive.unsynced_s),
          },
        ]}
      />
    </Card>
  );
}

const themes: readonly { value: Theme; label: string }[] = [
  { value: "system", label: text.system.themeSystem },
  { value: "light", label: text.system.themeLight },
  { value: "dark", label: text.system.themeDark },
];

function AppearanceCard() {
  const { theme, shortcuts } = usePreferences();
  return (
    <Card title={text.system.browser}>
      <div className={styles.row}>
        <span>{text.system.theme}</span>
        <Segmented
          label={text.system.theme}
          value={theme}
          options={themes}
          onChange={(chosen) => setPreferences({ theme: chosen })}
        />
      </div>
      <Switch
        label={text.system.shortcuts}
        hint={text.system.shortcutsHint}
        checked={shortcuts}
        onChange={(on) => setPreferences({ shortcuts: on })}
      />
    </Card>
  );
}
