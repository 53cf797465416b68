import { lazy, Suspense, useState } from "react";

import { Button, IconButton } from "../../design/Button";
import { text } from "../../text/en";
import { clockTime, dateAndTime, duration } from "../../text/format";
import { SECOND_US, toWall } from "../../text/time";
import type { Range } from "../../timeline";
import styles from "./Timeline.module.css";

const ExportDialog = lazy(async () => ({ default: (await import("../exports")).ExportDialog }));
const HoldDialog = lazy(async () => ({ default: (await import("../holds")).HoldDialog }));

type SelectionBarProps = { cameras: readonly string[]; selection: Range; zone: string; onClear: () => void };

/** What can be done with the range marked on the timeline. */
export function SelectionBar({ cameras, selection, zone, onClear }: SelectionBarProps) {
  const [open, setOpen] = useState<"export" | "hold" | null>(null);
  const { fromUs, toUs } = selection;
  const sameDay = toWall(fromUs, zone).day === toWall(toUs, zone).day;
  const length = duration((toUs - fromUs) / SECOND_US);
  const close = () => setOpen(null);
  return (
    <section className={styles.selection} aria-label={text.selection.title}>
      <strong className={styles.selected}>
        {text.selection.range(
          dateAndTime(fromUs, zone),
          sameDay ? clockTime(toUs, zone) : dateAndTime(toUs, zone),
          length,
        )}
      </strong>
      <span className={styles.selectionHint}>{text.selection.hint}</span>
      <Button icon="download" onClick={() => setOpen("export")}>
        {text.selection.export}
      </Button>
      <Button icon="hold" onClick={() => setOpen("hold")}>
        {text.selection.hold}
      </Button>
      <IconButton icon="close" label={text.selection.clear} onClick={onClear} />
      <Suspense fallback={null}>
        {open === "export" && <ExportDialog cameras={cameras} range={selection} onClose={close} />}
        {open === "hold" && <HoldDialog cameras={cameras} range={selection} onClose={close} />}
      </Suspense>
    </section>
  );
}
