import { useState } from "react";
import { createPortal } from "react-dom";

import type { Area, SettingField } from "../../api/gen";
import { Button, IconButton } from "../../design/Button";
import { Select, Switch } from "../../design/Field";
import { text } from "../../text/en";
import type { Picture } from "../playing/picture";
import { areasOf, newArea, withCornerAfter } from "./areas";
import { AreasOverlay } from "./AreasOverlay";
import type { Value } from "./draft";
import styles from "./Settings.module.css";

type AreasFieldProps = {
  field: SettingField;
  value: Value | null;
  picture: Picture | null;
  busy: boolean;
  onChange: (areas: Area[]) => void;
};
const t = text.settings.areas;
const kinds = ["color", "blur", "pixels"] as const;

/** The ways of hiding that the camera has, in its words. */
const offeredBy = ({ choices }: SettingField) =>
  kinds.flatMap((kind) =>
    choices.filter(({ value }) => value === kind).map(({ title }) => ({ value: kind, label: title })),
  );

/** Parts of the picture that the camera hides, drawn over the picture itself. */
export function AreasField({ field, value, picture, busy, onChange }: AreasFieldProps) {
  const areas = areasOf(value);
  const [chosen, setChosen] = useState(0);
  const locked = field.locked || busy;
  const full = field.most !== null && areas.length >= field.most;
  const put = (index: number, area: Area) => onChange(areas.map((old, i) => (i === index ? area : old)));
  return (
    <fieldset className={styles.areas}>
      <legend className={styles.legend}>{field.title}</legend>
      <p className={styles.muted}>{picture ? t.edit : t.noPicture}</p>
      {field.hint !== "" && <p className={styles.muted}>{field.hint}</p>}
      {areas.length === 0 && <p>{t.none}</p>}
      <ul className={styles.areaList}>
        {areas.map((area, i) => (
          <AreaRow
            key={i}
            number={i + 1}
            area={area}
            field={field}
            chosen={i === chosen}
            onChange={(next) => put(i, next)}
            onChoose={() => setChosen(i)}
            onRemove={() => onChange(areas.filter((_, other) => other !== i))}
          />
        ))}
      </ul>
      <div className={styles.buttons}>
        <Button
          icon="plus"
          disabled={locked || full}
          onClick={() => {
            onChange([...areas, newArea(areas, offeredBy(field)[0]?.value ?? "color")]);
            setChosen(areas.length);
          }}
        >
          {t.add}
        </Button>
      </div>
      {full && field.most !== null && <p className={styles.muted}>{t.full(field.most)}</p>}
      {picture &&
        createPortal(
          <AreasOverlay
            areas={areas}
            picture={picture}
            chosen={chosen}
            locked={locked}
            onChoose={setChosen}
            onChange={onChange}
          />,
          picture.stage,
        )}
    </fieldset>
  );
}

type AreaRowProps = {
  number: number;
  area: Area;
  field: SettingField;
  chosen: boolean;
  onChange: (area: Area) => void;
  onChoose: () => void;
  onRemove: () => void;
};

function AreaRow({ number, area, field, chosen, onChange, onChoose, onRemove }: AreaRowProps) {
  const offered = offeredBy(field);
  return (
    <li className={styles.areaRow} data-chosen={chosen} onFocus={onChoose}>
      <Switch label={t.name(number)} checked={area.enabled} onChange={(enabled) => onChange({ ...area, enabled })} />
      {offered.length > 1 && (
        <Select
          label={t.kind(number)}
          value={area.kind}
          options={offered}
          onChange={(kind) => onChange({ ...area, kind })}
        />
      )}
      <div className={styles.buttons}>
        <IconButton
          icon="area"
          size="s"
          label={t.moreCorners(number)}
          onClick={() => onChange(withCornerAfter(area, area.points.length - 1))}
        />
        <IconButton icon="trash" size="s" label={t.remove(number)} onClick={onRemove} />
      </div>
    </li>
  );
}
