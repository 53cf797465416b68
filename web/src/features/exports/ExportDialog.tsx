import { useDeferredValue, useState } from "react";

import { useDrives } from "../../api/archive_queries";
import type { Camera, Export } from "../../api/gen";
import { useCameras, useClient, useZone } from "../../api/queries";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field, Select, Switch } from "../../design/Field";
import { Segmented } from "../../design/Segmented";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { bytes } from "../../text/format";
import { useAction } from "../asking/useAction";
import { CameraChoice } from "../cameras/CameraChoice";
import { useNow } from "../camera/useNow";
import { Estimate, useEstimate } from "./Estimate";
import styles from "./Exports.module.css";
import { rangeError, type RangeUs } from "./range";
import { RangeFields, useTypedRange } from "./RangeFields";
import { exportRequest, unusual } from "./request";
import { StartedDialog } from "./StartedDialog";

type ExportDialogProps = {
  /** The cameras chosen at first, by id. */
  cameras: readonly string[];
  range: RangeUs;
  onClose: () => void;
};

const t = text.exports.dialog;
const streams = [
  { value: "main", label: t.main },
  { value: "sub", label: t.sub },
] as const;

/** Make signed files of a range of one or several cameras. */
export function ExportDialog({ cameras: first, range, onClose }: ExportDialogProps) {
  const [made, setMade] = useState<Export | null>(null);
  const cameras = useCameras().data;
  if (made) return <StartedDialog first={made} onClose={onClose} />;
  if (!cameras) return null;
  return <ExportForm cameras={cameras} first={first} firstRange={range} onMade={setMade} onClose={onClose} />;
}

type ExportFormProps = {
  cameras: readonly Camera[];
  first: readonly string[];
  firstRange: RangeUs;
  onMade: (made: Export) => void;
  onClose: () => void;
};

function ExportForm({ cameras, first, firstRange, onMade, onClose }: ExportFormProps) {
  const client = useClient();
  const zone = useZone();
  const { nowUs } = useNow();
  const { busy, problem, run } = useAction();
  const drives = useDrives().data ?? [];
  const range = useTypedRange(firstRange, zone);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(first));
  const [stream, setStream] = useState<"main" | "sub">("main");
  const [audio, setAudio] = useState(true);
  const [wantsCompatible, setWantsCompatible] = useState(true);
  const [drive, setDrive] = useState("");
  const [name, setName] = useState("");

  const taken = cameras.filter(({ id }) => chosen.has(id));
  const odd = unusual(taken, stream);
  const compatible = odd && wantsCompatible;
  const invalid = rangeError(range.typed, nowUs);
  const { fromUs, toUs } = range.typed;
  const ready = invalid === null && fromUs !== null && toUs !== null && taken.length > 0;
  const wish = ready && {
    cameras: taken.map(({ id }) => id),
    range: { fromUs, toUs },
    stream,
    audio,
    compatible,
    drive: drives.some(({ id }) => id === drive) ? drive : null,
    name,
  };
  // A name changes nothing about the size.
  const estimated = useDeferredValue(wish ? JSON.stringify(exportRequest({ ...wish, name: "" })) : null);
  const estimate = useEstimate(estimated);

  const make = async () => {
    if (!wish) return;
    const answer = await run(client.makeExport(exportRequest(wish)));
    if (answer.ok) onMade(answer.value);
  };
  return (
    <Dialog title={t.title} closeLabel={text.actions.close} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void make();
        }}
      >
        {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
        <CameraChoice cameras={cameras} chosen={chosen} onChange={setChosen} />
        {taken.length === 0 && <p className={styles.muted}>{t.noCamera}</p>}
        <RangeFields range={range} error={invalid} zone={zone} nowUs={nowUs} />
        <div className={styles.choiceRow}>
          <span className={styles.label}>{t.stream}</span>
          <Segmented label={t.stream} value={stream} options={streams} onChange={setStream} />
        </div>
        <Switch label={t.sound} hint={t.soundHint} checked={audio} onChange={setAudio} />
        {odd && (
          <Switch
            label={t.compatible}
            hint={t.compatibleHint}
            checked={wantsCompatible}
            onChange={setWantsCompatible}
          />
        )}
        {drives.length > 0 && (
          <Select
            label={t.target}
            value={drive}
            options={[
              { value: "", label: t.toDownload },
              ...drives.map((each) => ({ value: each.id, label: t.drive(each.name, bytes(each.free_bytes)) })),
            ]}
            onChange={setDrive}
          />
        )}
        <Field label={t.name} value={name} maxLength={100} onChange={(e) => setName(e.target.value)} />
        <Estimate query={estimate} cameras={cameras} />
        <div className="form-actions">
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" tone="primary" icon="download" busy={busy} disabled={!wish}>
            {t.action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
