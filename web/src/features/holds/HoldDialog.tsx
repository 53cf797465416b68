import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { Camera } from "../../api/gen";
import { keys, useCameras, useClient, useZone } from "../../api/queries";
import { Checkbox, Field } from "../../design/Field";
import { Segmented } from "../../design/Segmented";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { dateKey, dayRange, formatMoment, parseWallInput, SECOND_US, toWall } from "../../text/time";
import { FormDialog } from "../asking/FormDialog";
import { useAction } from "../asking/useAction";
import { CameraChoice } from "../cameras/CameraChoice";
import { useNow } from "../camera/useNow";
import { rangeError, type RangeUs } from "../exports/range";
import { RangeFields, useTypedRange } from "../exports/RangeFields";

type HoldDialogProps = { cameras: readonly string[]; range: RangeUs; onClose: () => void };

const t = text.holds.dialog;
const ends = [
  { value: "never", label: t.untilNever },
  { value: "day", label: t.untilDay },
] as const;
const MONTH_US = 30 * 86_400 * SECOND_US;

/** Keep footage from being deleted, whatever the depth. */
export function HoldDialog({ cameras: first, range, onClose }: HoldDialogProps) {
  const cameras = useCameras().data;
  return cameras ? <HoldForm cameras={cameras} first={first} firstRange={range} onClose={onClose} /> : null;
}

type HoldFormProps = {
  cameras: readonly Camera[];
  first: readonly string[];
  firstRange: RangeUs;
  onClose: () => void;
};

function HoldForm({ cameras, first, firstRange, onClose }: HoldFormProps) {
  const client = useClient();
  const cache = useQueryClient();
  const toast = useToast();
  const zone = useZone();
  const { nowUs } = useNow();
  const { busy, problem, run } = useAction();
  const range = useTypedRange(firstRange, zone);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(first));
  const [why, setWhy] = useState("");
  const [end, setEnd] = useState<"never" | "day">("never");
  const [day, setDay] = useState(() => dateKey(toWall(nowUs + MONTH_US, zone)));
  const [force, setForce] = useState(false);
  const overQuota = problem?.type === "urn:tawny:problem:exhausted";

  const invalid = rangeError(range.typed, nowUs, false);
  const { fromUs, toUs } = range.typed;
  const untilUs = end === "day" ? endOfDay(day, zone) : null;
  const untilReady = end === "never" || (untilUs !== null && untilUs > nowUs);
  const ready =
    invalid === null && fromUs !== null && toUs !== null && chosen.size > 0 && why.trim() !== "" && untilReady;

  const hold = async () => {
    if (!ready) return;
    const answer = await run(
      client.addHold({
        cameras: cameras.map(({ id }) => id).filter((id) => chosen.has(id)),
        from: formatMoment(fromUs),
        to: formatMoment(toUs),
        why: why.trim(),
        ...(untilUs !== null && { until: formatMoment(untilUs) }),
        ...(force && { force }),
      }),
    );
    if (!answer.ok) return;
    toast({ title: t.done });
    void cache.invalidateQueries({ queryKey: keys.holds });
    onClose();
  };
  return (
    <FormDialog
      title={t.title}
      action={t.action}
      icon="hold"
      busy={busy}
      ready={ready}
      onSubmit={hold}
      onClose={onClose}
    >
      {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
      {overQuota && <Checkbox label={t.force} checked={force} onChange={setForce} />}
      <Field
        label={t.why}
        hint={t.whyHint}
        value={why}
        required
        maxLength={500}
        onChange={(e) => setWhy(e.target.value)}
      />
      <CameraChoice cameras={cameras} chosen={chosen} onChange={setChosen} />
      <RangeFields range={range} error={invalid} zone={zone} nowUs={nowUs} />
      <Segmented label={t.until} value={end} options={ends} onChange={setEnd} />
      {end === "day" && (
        <Field label={t.untilDate} type="date" value={day} required onChange={(e) => setDay(e.target.value)} />
      )}
    </FormDialog>
  );
}

/** When the day typed is over. */
function endOfDay(day: string, zone: string): number | null {
  const noon = parseWallInput(`${day}T12:00`, zone);
  return noon === null ? null : dayRange(toWall(noon, zone), zone).toUs;
}
