import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Camera, SettingField, SettingPart, WriteSettings } from "../../api/gen";
import { keys, problem, useClient } from "../../api/queries";
import { valueOf } from "../../api/result";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Checkbox, Field, Select, Switch } from "../../design/Field";
import { Notice, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { useAction } from "../asking/useAction";
import { navigate } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import styles from "./Devices.module.css";
import { type Plain, settable, type Ticked, wantedOf } from "./ticked";

const t = text.devices.settingMany;

/** The same settings for all cameras that were selected; each says for itself what became of them. */
export function SetManyDialog({ cameras, onClose }: { cameras: readonly Camera[]; onClose: () => void }) {
  const model = cameras.find(({ kind, device }) => kind === "onvif" && device.phase === "online") ?? cameras[0];
  return (
    <Dialog title={t.title(cameras.length)} closeLabel={text.actions.close} onClose={onClose}>
      {model === undefined || cameras.every(({ kind }) => kind !== "onvif") ? (
        <Notice tone="neutral" title={t.none} detail={t.noneDetail} />
      ) : (
        <Fields cameras={cameras} model={model} onClose={onClose} />
      )}
    </Dialog>
  );
}

type FieldsProps = { cameras: readonly Camera[]; model: Camera; onClose: () => void };

function Fields({ cameras, model, onClose }: FieldsProps) {
  const client = useClient();
  const { busy, problem: refused, run } = useAction();
  const [ticked, setTicked] = useState<Ticked>({});
  const query = useQuery({
    queryKey: keys.settings(model.id),
    queryFn: async ({ signal }) => valueOf(await client.settings(model.id, signal)),
    retry: false,
  });
  const wanted: WriteSettings["settings"] = wantedOf(ticked);
  const apply = async () => {
    const answer = await run(client.setMany({ cameras: cameras.map(({ id }) => id), settings: wanted }));
    if (answer.ok) navigate(hrefOf({ view: "batch", id: answer.value.id }));
  };
  if (query.isError) {
    const { title, detail } = problem(query.error);
    return <Notice tone="bad" title={title} detail={detail} />;
  }
  if (!query.data) return <Skeleton label={text.shell.loading} lines={6} />;
  return (
    <form
      className="form"
      onSubmit={(e) => {
        e.preventDefault();
        void apply();
      }}
    >
      <p>{t.intro(model.name)}</p>
      {refused && <Notice tone="bad" title={refused.title} detail={refused.detail} />}
      {settable(query.data.parts).map((part) => (
        <Part key={part.id} part={part} ticked={ticked} onChange={setTicked} />
      ))}
      <div className="form-actions">
        <Button onClick={onClose}>{text.actions.cancel}</Button>
        <Button type="submit" tone="primary" busy={busy} disabled={Object.keys(wanted).length === 0}>
          {t.action(cameras.length)}
        </Button>
      </div>
    </form>
  );
}

type PartProps = { part: SettingPart; ticked: Ticked; onChange: (ticked: Ticked) => void };

function Part({ part, ticked, onChange }: PartProps) {
  return (
    <details className={styles.more}>
      <summary>{part.title}</summary>
      {part.fields.map((field) => {
        const key = `${part.id} ${field.id}`;
        const value = ticked[key];
        const first = field.value as Plain | null;
        return (
          <div key={field.id} className={styles.setField}>
            <Checkbox
              label={field.title}
              checked={value !== undefined}
              onChange={(on) =>
                onChange({ ...ticked, [key]: on ? (first ?? field.choices[0]?.value ?? "") : undefined })
              }
            />
            {value !== undefined && (
              <Control field={field} value={value} onChange={(next) => onChange({ ...ticked, [key]: next })} />
            )}
          </div>
        );
      })}
    </details>
  );
}

type ControlProps = { field: SettingField; value: Plain; onChange: (value: Plain) => void };

function Control({ field, value, onChange }: ControlProps) {
  const label = field.unit === "" ? field.title : `${field.title} (${field.unit})`;
  switch (field.kind) {
    case "choice":
      return (
        <Select
          label={label}
          value={String(value)}
          options={field.choices.map((choice) => ({ value: String(choice.value), label: choice.title }))}
          onChange={(chosen) => onChange(field.choices.find((each) => String(each.value) === chosen)?.value ?? chosen)}
        />
      );
    case "switch":
      return <Switch label={label} checked={value === true} onChange={onChange} />;
    case "number":
      return (
        <Field
          label={label}
          type="number"
          value={String(value)}
          {...(field.least !== null && { min: field.least })}
          {...(field.most !== null && { max: field.most })}
          step={field.step ?? "any"}
          required
          onChange={(e) => onChange(Number.isNaN(e.target.valueAsNumber) ? "" : e.target.valueAsNumber)}
        />
      );
    case "text":
    case "areas":
      return <Field label={label} value={String(value)} onChange={(e) => onChange(e.target.value)} />;
  }
}
