import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { useHolds, useStorage } from "../../api/archive_queries";
import type { Hold, HoldsUse } from "../../api/gen";
import { keys, useCameras, useClient, useZone } from "../../api/queries";
import { Badge } from "../../design/Badge";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Card, Facts, Meter } from "../../design/Page";
import { EmptyState, Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { bytes, calendarDate, dateAndTime, span } from "../../text/format";
import { HOUR_US, parseMoment } from "../../text/time";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { cameraNames } from "../cameras/names";
import { useNow } from "../camera/useNow";
import { SystemPart } from "../system/SystemPart";
import { HoldDialog } from "./HoldDialog";
import styles from "./Holds.module.css";

const t = text.holds;

/** Footage that may not be deleted, and who said so. */
export function HoldsPage() {
  const query = useHolds();
  const use = useStorage().data?.holds;
  const { now } = useNow();
  const zone = useZone();
  const [making, setMaking] = useState<number | null>(null);
  const make = (
    <Button tone="primary" icon="hold" onClick={() => setMaking(now())}>
      {t.make}
    </Button>
  );
  return (
    <SystemPart view="holds" title={t.title} intro={t.intro} query={query} actions={query.data?.length !== 0 && make}>
      {(holds) => (
        <>
          {use && <Quota use={use} zone={zone} />}
          {holds.length === 0 && <EmptyState icon="hold" title={t.empty} detail={t.emptyDetail} action={make} />}
          <HoldList title={t.active} holds={holds.filter(({ released }) => !released)} zone={zone} />
          <HoldList title={t.released} holds={holds.filter(({ released }) => released)} zone={zone} />
          {making !== null && (
            <HoldDialog
              cameras={[]}
              range={{ fromUs: making - HOUR_US, toUs: making }}
              onClose={() => setMaking(null)}
            />
          )}
        </>
      )}
    </SystemPart>
  );
}

function Quota({ use, zone }: { use: HoldsUse; zone: string }) {
  const alarmAt = use.alarm_at === null ? null : parseMoment(use.alarm_at);
  if (use.quota_bytes === 0) return null;
  return (
    <>
      {alarmAt !== null && <Notice tone="bad" title={t.alarmAt(calendarDate(alarmAt, zone))} />}
      <Meter
        label={t.quota}
        value={use.bytes / use.quota_bytes}
        text={t.of(bytes(use.bytes), bytes(use.quota_bytes))}
      />
    </>
  );
}

function HoldList({ title, holds, zone }: { title: string; holds: readonly Hold[]; zone: string }) {
  if (holds.length === 0) return null;
  return (
    <section className={styles.list} aria-label={title}>
      {holds.map((hold) => (
        <HoldCard key={hold.id} hold={hold} zone={zone} />
      ))}
    </section>
  );
}

function HoldCard({ hold, zone }: { hold: Hold; zone: string }) {
  const cameras = useCameras().data ?? [];
  const [releasing, setReleasing] = useState(false);
  const when = (moment: string) => dateAndTime(parseMoment(moment) ?? 0, zone);
  return (
    <Card
      as="article"
      title={hold.why}
      actions={
        hold.released ? <Badge>{t.released}</Badge> : <Button onClick={() => setReleasing(true)}>{t.release}</Button>
      }
    >
      <Facts
        items={[
          { name: t.cameras, value: cameraNames(hold.cameras, cameras) },
          { name: t.time, value: span(parseMoment(hold.from) ?? 0, parseMoment(hold.to) ?? 0, zone) },
          { name: t.by, value: text.exports.madeBy(hold.who, when(hold.made_at)) },
          { name: t.until, value: hold.until === null ? t.forEver : when(hold.until) },
          { name: t.size, value: bytes(hold.bytes) },
          ...(hold.released
            ? [
                {
                  name: t.released,
                  value: [t.releasedBy(hold.released.who, when(hold.released.at)), hold.released.why]
                    .filter(Boolean)
                    .join(". "),
                },
              ]
            : []),
        ]}
      />
      {releasing && <ReleaseDialog hold={hold} onClose={() => setReleasing(false)} />}
    </Card>
  );
}

function ReleaseDialog({ hold, onClose }: { hold: Hold; onClose: () => void }) {
  const client = useClient();
  const cache = useQueryClient();
  const toast = useToast();
  const [why, setWhy] = useState("");
  const released = () => {
    toast({ title: t.releaseDone });
    void cache.invalidateQueries({ queryKey: keys.holds });
  };
  return (
    <ConfirmDialog
      title={t.releaseTitle}
      action={t.release}
      onConfirm={(password) => client.releaseHold(hold.id, { password, ...(why.trim() !== "" && { why: why.trim() }) })}
      onDone={released}
      onClose={onClose}
    >
      <p>
        <strong>{hold.why}</strong>
      </p>
      <p>{t.releaseLost}</p>
      <Field label={t.releaseWhy} value={why} maxLength={500} onChange={(e) => setWhy(e.target.value)} />
    </ConfirmDialog>
  );
}
