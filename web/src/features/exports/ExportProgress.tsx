import type { Export } from "../../api/gen";
import { Meter } from "../../design/Page";
import { text } from "../../text/en";
import { bytes } from "../../text/format";
import styles from "./Exports.module.css";

/** How far an export is; nothing once it has ended. */
export function ExportProgress({ made }: { made: Export }) {
  if (made.state !== "running" && made.state !== "waiting") return null;
  const { done } = text.exports;
  return (
    <div className={styles.progress} aria-live="polite">
      <Meter
        label={made.step === "" ? text.exports.states[made.state] : made.step}
        value={made.progress}
        text={
          made.bytes > 0
            ? `${text.player.percent(made.progress)} · ${done(bytes(made.bytes_done), bytes(made.bytes))}`
            : text.player.percent(made.progress)
        }
      />
    </div>
  );
}
