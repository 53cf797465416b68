import { useState } from "react";

import type { ChangeStorage, Storage } from "../../api/gen";
import { useClient } from "../../api/queries";
import { Field } from "../../design/Field";
import { Segmented } from "../../design/Segmented";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { bytes, days as daysText } from "../../text/format";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { costOfDepth, costOfSize, typedDays } from "./lowering";
import styles from "./Storage.module.css";
import { useStorageCache } from "./useStorageCache";

const t = text.storage;
const GB = 1e9;
const USUAL_DAYS = 30;
const depthKinds = [
  { value: "unlimited", label: t.unlimited },
  { value: "days", label: t.limited },
] as const;
const sizeKinds = [
  { value: "none", label: t.sizeNone },
  { value: "limit", label: t.limited },
] as const;

/** Another depth or size limit; what it will delete is said before it is saved. */
export function DepthDialog({ storage, onClose }: { storage: Storage; onClose: () => void }) {
  const client = useClient();
  const show = useStorageCache();
  const [kind, setKind] = useState<"unlimited" | "days">(storage.depth.days === null ? "unlimited" : "days");
  const [typed, setTyped] = useState(String(storage.depth.days ?? USUAL_DAYS));
  const [sizeKind, setSizeKind] = useState<"none" | "limit">(storage.size_limit_bytes === null ? "none" : "limit");
  const [gigabytes, setGigabytes] = useState(() => String(Math.round(sizeNow(storage) / GB)));

  const days = kind === "unlimited" ? null : typedDays(typed);
  const size = sizeKind === "none" ? null : Math.round(Number(gigabytes) * GB);
  const wrongDays = kind === "days" && days === null;
  const wrongSize = size !== null && !(size >= GB);
  const depthCost = costOfDepth(storage, days);
  const sizeCost = costOfSize(storage, wrongSize ? null : size);
  const wanted: ChangeStorage = {
    ...(days !== storage.depth.days && { depth_days: days }),
    ...(size !== storage.size_limit_bytes && { size_limit_bytes: size }),
  };
  const lowers = !wrongDays && !wrongSize && (depthCost.lower || sizeCost.lower);
  const loses = lowers && (depthCost.days > 0 || sizeCost.bytes > 0);

  return (
    <ConfirmDialog
      title={t.depthDialog.title}
      password={lowers}
      tone={loses ? "danger" : "primary"}
      action={loses ? t.depthDialog.lowerAction : t.depthDialog.action}
      ready={!wrongDays && !wrongSize && Object.keys(wanted).length > 0}
      onConfirm={(password) => show(client.changeStorage({ ...wanted, ...(lowers && { password }) }))}
      onDone={() => undefined}
      onClose={onClose}
    >
      <div className={styles.setting}>
        <h3>{t.depth}</h3>
        <Segmented label={t.depth} value={kind} options={depthKinds} onChange={setKind} />
        {kind === "days" && (
          <Field
            label={t.days}
            hint={t.daysHint}
            type="number"
            inputMode="numeric"
            min={1}
            max={360}
            value={typed}
            onChange={(e) => setTyped(e.target.value)}
          />
        )}
      </div>
      <div className={styles.setting}>
        <h3>{t.size}</h3>
        <Segmented label={t.size} value={sizeKind} options={sizeKinds} onChange={setSizeKind} />
        {sizeKind === "limit" && (
          <Field
            label={t.sizeGigabytes}
            type="number"
            inputMode="numeric"
            min={1}
            value={gigabytes}
            onChange={(e) => setGigabytes(e.target.value)}
          />
        )}
      </div>
      {!wrongDays && depthCost.lower && <DepthCost days={depthCost.days} size={depthCost.bytes} />}
      {sizeCost.lower && sizeCost.bytes > 0 && (
        <Notice
          tone="bad"
          title={t.depthDialog.sizeLoses(bytes(sizeCost.bytes))}
          detail={`${t.depthDialog.waits} ${t.depthDialog.holds}`}
        />
      )}
    </ConfirmDialog>
  );
}

function DepthCost({ days, size }: { days: number; size: number | null }) {
  if (days <= 0) return <Notice tone="neutral" title={t.depthDialog.losesNothing} />;
  const lost = t.depthDialog.loses(daysText(days), size === null || size === 0 ? null : bytes(size));
  return <Notice tone="bad" title={lost} detail={`${t.depthDialog.waits} ${t.depthDialog.holds}`} />;
}

/** What a limit begins with: the one that is set, or what is used now. */
function sizeNow(storage: Storage): number {
  return storage.size_limit_bytes ?? storage.volumes.reduce((sum, volume) => sum + volume.archive_bytes, GB);
}
