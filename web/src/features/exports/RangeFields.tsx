import { Field } from "../../design/Field";
import { text } from "../../text/en";
import { zoneName } from "../../text/format";
import { parseWallInput, wallInput } from "../../text/time";
import { useState } from "react";
import type { RangeUs, TypedRange } from "./range";
import styles from "./Exports.module.css";

/** A range as a person types it, in the recorder's zone. */
export function useTypedRange(first: RangeUs, zone: string) {
  const [from, setFrom] = useState(() => wallInput(first.fromUs, zone));
  const [to, setTo] = useState(() => wallInput(first.toUs, zone));
  const typed: TypedRange = { fromUs: parseWallInput(from, zone), toUs: parseWallInput(to, zone) };
  return { from, setFrom, to, setTo, typed };
}

type RangeFieldsProps = { range: ReturnType<typeof useTypedRange>; error: string | null; zone: string; nowUs: number };

export function RangeFields({ range, error, zone, nowUs }: RangeFieldsProps) {
  return (
    <div className={styles.moments}>
      <Field
        label={text.exports.dialog.from}
        type="datetime-local"
        step={1}
        value={range.from}
        onChange={(e) => range.setFrom(e.target.value)}
      />
      <Field
        label={text.exports.dialog.to}
        type="datetime-local"
        step={1}
        value={range.to}
        error={error ?? undefined}
        onChange={(e) => range.setTo(e.target.value)}
      />
      <p className={styles.muted}>{text.exports.dialog.times(zoneName(zone, nowUs))}</p>
    </div>
  );
}
