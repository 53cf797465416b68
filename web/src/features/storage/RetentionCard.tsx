import { useState } from "react";

import type { Forecast, PendingDepth, Storage } from "../../api/gen";
import { useClient } from "../../api/queries";
import { Button } from "../../design/Button";
import { Card, Facts } from "../../design/Page";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { bytes, calendarDate, dateAndTime, days } from "../../text/format";
import { parseMoment } from "../../text/time";
import { useTold } from "../asking/useAction";
import { DepthDialog } from "./DepthDialog";
import { useStorageCache } from "./useStorageCache";

const t = text.storage;
const LATE_S = 5;

/** How long footage is kept, what that means now, and what will come of it. */
export function RetentionCard({ storage, zone }: { storage: Storage; zone: string }) {
  const [changing, setChanging] = useState(false);
  const { depth, forecast } = storage;
  const late = (seconds: number) => (seconds > LATE_S ? ("warn" as const) : undefined);
  return (
    <Card
      title={t.retention}
      actions={
        <Button icon="edit" onClick={() => setChanging(true)}>
          {t.change}
        </Button>
      }
    >
      {depth.pending && <Pending pending={depth.pending} zone={zone} />}
      {!storage.clock.trusted && <Notice tone="warn" title={storage.clock.title} />}
      <Facts
        items={[
          { name: t.depth, value: depth.days === null ? t.unlimited : t.depthDays(depth.days) },
          { name: t.size, value: storage.size_limit_bytes === null ? t.sizeNone : bytes(storage.size_limit_bytes) },
          { name: t.reaches, value: days(depth.current_days) },
          { name: t.forecast, value: forecastText(forecast, zone) },
          ...(forecast.bytes_per_day === null ? [] : [{ name: t.perDay, value: bytes(forecast.bytes_per_day) }]),
          { name: t.written, value: text.system.seconds(storage.queue_s), tone: late(storage.queue_s) },
          { name: t.unsynced, value: text.system.seconds(storage.unsynced_s), tone: late(storage.unsynced_s) },
        ]}
      />
      {changing && <DepthDialog storage={storage} onClose={() => setChanging(false)} />}
    </Card>
  );
}

function forecastText(forecast: Forecast, zone: string): string {
  if (forecast.state !== "filling") return t.forecasts[forecast.state];
  const full = forecast.full_at === null ? null : parseMoment(forecast.full_at);
  return full === null ? t.forecasts.fillingUnknown : t.forecasts.filling(calendarDate(full, zone));
}

/** A lower depth that waits: told to everyone, and taken back by one press. */
export function Pending({ pending, zone }: { pending: PendingDepth; zone: string }) {
  const client = useClient();
  const told = useTold();
  const toast = useToast();
  const show = useStorageCache();
  const at = parseMoment(pending.at);
  const limit = pending.size_limit_bytes ?? null;
  const keep = async () => {
    if (await told(show(client.keepDepth()))) toast({ title: t.kept });
  };
  return (
    <Notice
      tone="warn"
      title={t.pendingTitle(
        pending.days,
        limit === null ? null : bytes(limit),
        at === null ? "" : dateAndTime(at, zone),
      )}
      detail={lossText(pending, zone)}
      action={
        <Button tone="primary" onClick={() => void keep()}>
          {t.keep}
        </Button>
      }
    />
  );
}

function lossText(pending: PendingDepth, zone: string): string {
  const from = pending.from === null ? null : parseMoment(pending.from);
  const to = pending.to === null ? null : parseMoment(pending.to);
  const size = bytes(pending.bytes);
  if (from === null || to === null) return t.pendingLoss(size);
  return t.pendingLossRange(size, calendarDate(from, zone), calendarDate(to, zone));
}
