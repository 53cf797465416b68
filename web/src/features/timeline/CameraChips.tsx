import type { Camera } from "../../api/gen";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { MOST_IN_STEP } from "../shell/routes";
import styles from "./Steps.module.css";

type CameraChipsProps = {
  all: readonly Camera[];
  chosen: readonly Camera[];
  /** On a phone they are behind one button. */
  narrow: boolean;
  onChange: (ids: readonly string[]) => void;
};

/** Which cameras are shown. */
export function CameraChips({ all, chosen, narrow, onChange }: CameraChipsProps) {
  const toast = useToast();
  const ids = chosen.map(({ id }) => id);
  const toggle = (id: string) => {
    if (ids.includes(id)) onChange(ids.filter((each) => each !== id));
    else if (ids.length < MOST_IN_STEP) onChange([...ids, id]);
    else toast({ title: text.steps.most(MOST_IN_STEP) });
  };
  const chips = (
    <fieldset className={styles.chips}>
      <legend className="visually-hidden">{text.steps.cameras}</legend>
      {all.map(({ id, name }) => (
        <label key={id} className={styles.chip}>
          <input type="checkbox" checked={ids.includes(id)} onChange={() => toggle(id)} />
          {name}
        </label>
      ))}
    </fieldset>
  );
  if (!narrow) return chips;
  return (
    <details className={styles.more}>
      <summary>
        {text.steps.choose} ({ids.length})
      </summary>
      {chips}
    </details>
  );
}
