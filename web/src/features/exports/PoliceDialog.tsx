import { useDeferredValue, useState } from "react";

import type { Camera, Export } from "../../api/gen";
import { useCameras, useClient, useZone } from "../../api/queries";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field, Select } from "../../design/Field";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { span } from "../../text/format";
import { MINUTE_US } from "../../text/time";
import { useAction } from "../asking/useAction";
import { CameraChoice } from "../cameras/CameraChoice";
import { useNow } from "../camera/useNow";
import { Estimate, useEstimate } from "./Estimate";
import styles from "./Exports.module.css";
import { around } from "./range";
import { exportRequest, unusual } from "./request";
import { StartedDialog } from "./StartedDialog";

type PoliceDialogProps = { camera: string; atUs: number; onClose: () => void };

const t = text.exports.policeDialog;
const MINUTES = ["5", "15", "30", "60", "120"] as const;
type Minutes = (typeof MINUTES)[number];
const minutes = MINUTES.map((value) => ({ value, label: t.minutes(Number(value)) }));

/** Hold, export and report around a moment, in one step. */
export function PoliceDialog({ camera, atUs, onClose }: PoliceDialogProps) {
  const [made, setMade] = useState<Export | null>(null);
  const cameras = useCameras().data;
  if (made) return <StartedDialog first={made} onClose={onClose} />;
  if (!cameras) return null;
  return <PoliceForm cameras={cameras} camera={camera} atUs={atUs} onMade={setMade} onClose={onClose} />;
}

type PoliceFormProps = PoliceDialogProps & { cameras: readonly Camera[]; onMade: (made: Export) => void };

function PoliceForm({ cameras, camera, atUs, onMade, onClose }: PoliceFormProps) {
  const client = useClient();
  const zone = useZone();
  const { nowUs } = useNow();
  const { busy, problem, run } = useAction();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set([camera]));
  const [before, setBefore] = useState<Minutes>("15");
  const [after, setAfter] = useState<Minutes>("15");
  const [number, setNumber] = useState("");
  const [reason, setReason] = useState("");
  const [officer, setOfficer] = useState("");

  const taken = cameras.filter(({ id }) => chosen.has(id));
  const range = around(atUs, Number(before) * MINUTE_US, Number(after) * MINUTE_US, nowUs);
  const request = exportRequest({
    cameras: taken.map(({ id }) => id),
    range,
    stream: "main",
    audio: true,
    compatible: unusual(taken, "main"),
    drive: null,
    name: number.trim() === "" ? "" : t.name(number.trim()),
  });
  const ready = taken.length > 0 && reason.trim() !== "";
  // Minute by minute, or a range that reaches up to now would be asked for every second.
  const settled = around(atUs, Number(before) * MINUTE_US, Number(after) * MINUTE_US, minuteOf(nowUs));
  const estimated = { ...request, name: "", items: exportRequest({ ...wishOf(taken), range: settled }).items };
  const estimate = useEstimate(useDeferredValue(taken.length > 0 ? JSON.stringify(estimated) : null));

  const secure = async () => {
    const answer = await run(
      client.makeExport({
        ...request,
        hold: { why: t.why(number.trim(), reason.trim()) },
        case: { number: number.trim(), reason: reason.trim(), officer: officer.trim() },
      }),
    );
    if (answer.ok) onMade(answer.value);
  };
  return (
    <Dialog title={t.title} closeLabel={text.actions.close} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (ready) void secure();
        }}
      >
        {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
        <p>{t.intro}</p>
        <Field label={t.reason} value={reason} required maxLength={400} onChange={(e) => setReason(e.target.value)} />
        <div className={styles.range}>
          <Field label={t.number} value={number} maxLength={80} onChange={(e) => setNumber(e.target.value)} />
          <Field label={t.officer} value={officer} maxLength={200} onChange={(e) => setOfficer(e.target.value)} />
        </div>
        <div className={styles.range}>
          <Select label={t.before} value={before} options={minutes} onChange={setBefore} />
          <Select label={t.after} value={after} options={minutes} onChange={setAfter} />
          <p className={styles.muted}>{span(range.fromUs, range.toUs, zone)}</p>
        </div>
        <CameraChoice cameras={cameras} chosen={chosen} onChange={setChosen} />
        <Estimate query={estimate} cameras={cameras} />
        <div className="form-actions">
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" tone="primary" icon="shield" busy={busy} disabled={!ready}>
            {t.action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

const minuteOf = (us: number) => Math.floor(us / MINUTE_US) * MINUTE_US;

const wishOf = (taken: readonly Camera[]) => ({
  cameras: taken.map(({ id }) => id),
  stream: "main" as const,
  audio: true,
  compatible: false,
  drive: null,
  name: "",
});
