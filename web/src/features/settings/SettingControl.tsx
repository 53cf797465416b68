import type { SettingField } from "../../api/gen";
import { Field, Select, Switch } from "../../design/Field";
import { text } from "../../text/en";
import { faultOf, type Value, valueWords } from "./draft";
import styles from "./Settings.module.css";

type SettingControlProps = {
  field: SettingField;
  value: Value | null;
  busy: boolean;
  onChange: (value: Value) => void;
};
const t = text.settings;

/** One setting in the form that its kind asks for. */
export function SettingControl(props: SettingControlProps) {
  if (props.field.locked) return <LockedSetting {...props} />;
  switch (props.field.kind) {
    case "switch":
      return <SwitchSetting {...props} />;
    case "choice":
      return <ChoiceSetting {...props} />;
    case "number":
      return <NumberSetting {...props} />;
    case "text":
      return <TextSetting {...props} />;
    case "areas":
      return null; // drawn over the picture: see AreasField
  }
}

/** What can only be read is told, not shown as a control that does nothing. */
function LockedSetting({ field }: SettingControlProps) {
  return (
    <>
      <p className={styles.locked}>
        <span className={styles.lockedName}>{field.title}</span>
        <span>{valueWords(field, field.value, { on: t.on, off: t.off, areas: t.areaCount })}</span>
      </p>
      {field.hint !== "" && <p className={styles.muted}>{field.hint}</p>}
    </>
  );
}

const hinted = (hint: string) => (hint === "" ? {} : { hint });

function SwitchSetting({ field, value, busy, onChange }: SettingControlProps) {
  return (
    <Switch label={field.title} {...hinted(field.hint)} checked={value === true} disabled={busy} onChange={onChange} />
  );
}

function ChoiceSetting({ field, value, busy, onChange }: SettingControlProps) {
  const key = (each: unknown) => JSON.stringify(each);
  const known = field.choices.some((choice) => key(choice.value) === key(value));
  const now = valueWords(field, value, { on: t.on, off: t.off, areas: t.areaCount });
  return (
    <Select
      label={field.title}
      {...hinted(field.hint)}
      value={key(value)}
      options={[
        ...(known ? [] : [{ value: key(value), label: t.unknownChoice(now) }]),
        ...field.choices.map((choice) => ({ value: key(choice.value), label: choice.title })),
      ]}
      disabled={busy}
      onChange={(chosen) => {
        const choice = field.choices.find((each) => key(each.value) === chosen);
        if (choice) onChange(choice.value);
      }}
    />
  );
}

/** With more steps than this a slider is too coarse to be of use. */
const MOST_STEPS = 1000;

function NumberSetting({ field, value, busy, onChange }: SettingControlProps) {
  const { least, most, step, unit } = field;
  const range = rangeWords(field);
  const fault = faultOf(field, value);
  const error = fault === null ? undefined : fault.kind === "number" ? t.noNumber : t.outside(range);
  const slides = least !== null && most !== null && (most - least) / (step ?? 1) <= MOST_STEPS;
  return (
    <>
      <Field
        label={unit === "" ? field.title : `${field.title} (${unit})`}
        hint={[field.hint, range].filter(Boolean).join(" ")}
        error={error}
        type="number"
        inputMode="decimal"
        min={least ?? undefined}
        max={most ?? undefined}
        step={step ?? "any"}
        value={typeof value === "number" && Number.isFinite(value) ? value : ""}
        disabled={busy}
        onChange={(e) => onChange(e.target.valueAsNumber)}
      />
      {slides && (
        <input
          type="range"
          className={styles.slider}
          aria-label={field.title}
          min={least}
          max={most}
          step={step ?? "any"}
          value={typeof value === "number" && Number.isFinite(value) ? value : least}
          disabled={busy}
          onChange={(e) => onChange(e.target.valueAsNumber)}
        />
      )}
    </>
  );
}

function rangeWords({ least, most, unit }: SettingField): string {
  if (least !== null && most !== null) return t.range(text.number(least), text.number(most), unit);
  if (least !== null) return t.atLeast(text.number(least), unit);
  return most === null ? "" : t.atMost(text.number(most), unit);
}

function TextSetting({ field, value, busy, onChange }: SettingControlProps) {
  return (
    <Field
      label={field.title}
      {...hinted(field.hint)}
      value={typeof value === "string" ? value : ""}
      maxLength={field.most ?? undefined}
      disabled={busy}
      autoComplete="off"
      spellCheck={false}
      onChange={(e) => onChange(e.target.value)}
    />
  );
}
