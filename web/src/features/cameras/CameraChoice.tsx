import type { Camera } from "../../api/gen";
import { Checkbox } from "../../design/Field";
import { text } from "../../text/en";
import styles from "./CameraChoice.module.css";

type CameraChoiceProps = {
  cameras: readonly Camera[];
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
};

/** Some of the cameras. */
export function CameraChoice({ cameras, chosen, onChange }: CameraChoiceProps) {
  const all = cameras.length > 0 && cameras.every(({ id }) => chosen.has(id));
  const toggle = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    onChange(next);
  };
  return (
    <fieldset className={styles.choice}>
      <legend className={styles.legend}>{text.exports.dialog.cameras}</legend>
      <div className={styles.list}>
        {cameras.length > 1 && (
          <div className={styles.all}>
            <Checkbox
              label={text.exports.dialog.allCameras}
              checked={all}
              onChange={(on) => onChange(new Set(on ? cameras.map(({ id }) => id) : []))}
            />
          </div>
        )}
        {cameras.map((camera) => (
          <Checkbox
            key={camera.id}
            label={camera.name}
            checked={chosen.has(camera.id)}
            onChange={(on) => toggle(camera.id, on)}
          />
        ))}
      </div>
    </fieldset>
  );
}
