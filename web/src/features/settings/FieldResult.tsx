import type { SettingField, SettingResult } from "../../api/gen";
import { cx } from "../../design/cx";
import { Icon } from "../../design/Icon";
import { text } from "../../text/en";
import { outcomeOf, valueWords } from "./draft";
import styles from "./Settings.module.css";

const t = text.settings;

/** What became of a field that was saved. */
export function FieldResult({ field, result }: { field: SettingField; result: SettingResult | undefined }) {
  if (!result) return null;
  const outcome = outcomeOf(result);
  const became = valueWords(field, result.became, { on: t.on, off: t.off, areas: t.areaCount });
  const words = { written: t.written, changed: result.title, refused: result.title || t.refused(became) }[outcome];
  return (
    <p className={cx(styles.result, styles[outcome])}>
      <Icon name={outcome === "written" ? "check" : "warning"} size={16} />
      {words}
    </p>
  );
}
