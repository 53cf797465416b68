import { useState } from "react";

import type { SettingAction, SettingPart, SettingResult } from "../../api/gen";
import { Badge } from "../../design/Badge";
import { Icon } from "../../design/Icon";
import { text } from "../../text/en";
import type { Picture } from "../playing/picture";
import { AreasField } from "./AreasField";
import { type Draft, draftedValue, type Value, withValue } from "./draft";
import { FieldResult } from "./FieldResult";
import { PartActions } from "./PartActions";
import { SettingControl } from "./SettingControl";
import styles from "./Settings.module.css";

type PartSectionProps = {
  part: SettingPart;
  draft: Draft;
  results: readonly SettingResult[];
  picture: Picture | null;
  first: boolean;
  busy: boolean;
  onChange: (draft: Draft) => void;
  onAct: (action: SettingAction) => Promise<unknown>;
};

/** Settings that belong together, folded away until they are wanted. */
export function PartSection(props: PartSectionProps) {
  const { part, draft, results, picture, first, busy, onChange, onAct } = props;
  const [open, setOpen] = useState(first);
  const changes = Object.keys(draft[part.id] ?? {}).length;
  return (
    <details className={styles.part} open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary className={styles.summary}>
        <Icon name={open ? "down" : "right"} size={16} />
        <h2 className={styles.partTitle}>{part.title}</h2>
        {changes > 0 && <Badge tone="accent">{text.settings.changes(changes)}</Badge>}
      </summary>
      {open && (
        <div className={styles.fields}>
          {part.hint !== "" && <p className={styles.muted}>{part.hint}</p>}
          {part.fields.map((field) => {
            const value = draftedValue(draft, part.id, field);
            const change = (to: Value) => onChange(withValue(draft, part.id, field, to));
            return (
              <div key={field.id} className={styles.field}>
                {field.kind === "areas" ? (
                  <AreasField field={field} value={value} picture={picture} busy={busy} onChange={change} />
                ) : (
                  <SettingControl field={field} value={value} busy={busy} onChange={change} />
                )}
                <FieldResult field={field} result={results.find((result) => result.field === field.id)} />
              </div>
            );
          })}
          <PartActions actions={part.actions} busy={busy} onAct={onAct} />
        </div>
      )}
    </details>
  );
}
