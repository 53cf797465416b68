import { type KeyboardEvent, useEffect, useRef } from "react";

import { cx } from "../../design/cx";
import { text } from "../../text/en";
import { longDate } from "../../text/format";
import { dateKey, type WallDate, weeksOf } from "../../text/time";
import { dayAfterKey } from "./dayKeys";
import styles from "./Moment.module.css";

type MonthGridProps = {
  year: number;
  month: number;
  chosen: WallDate;
  today: WallDate;
  /** Null while it is not known. */
  recorded: ReadonlySet<string> | null;
  onChoose: (date: WallDate) => void;
  onOpen: (date: WallDate) => void;
};

/** One month as a table of buttons; arrow keys walk it. Choosing marks a day, choosing it again opens it. */
export function MonthGrid({ year, month, chosen, today, recorded, onChoose, onOpen }: MonthGridProps) {
  const chosenKey = dateKey(chosen);
  const inMonth = chosen.year === year && chosen.month === month;
  const focusKey = inMonth ? chosenKey : dateKey({ year, month, day: 1 });
  const table = useRef<HTMLTableElement>(null);
  const moved = useRef(false);
  useEffect(() => {
    if (moved.current) table.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
    moved.current = false;
  }, [focusKey]);

  const onKeyDown = (e: KeyboardEvent, day: WallDate) => {
    const to = dayAfterKey(day, e.key);
    if (!to) return;
    e.preventDefault();
    moved.current = true;
    onChoose(to);
  };

  return (
    <table ref={table} className={styles.grid} role="grid" aria-label={text.moment.days}>
      <thead>
        <tr>
          {text.moment.weekdays.map((day) => (
            <th key={day.long} scope="col" abbr={day.long}>
              {day.short}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeksOf(year, month).map((week, i) => (
          <tr key={i}>
            {week.map((day, j) => {
              if (!day) return <td key={j} />;
              const key = dateKey(day);
              const has = recorded?.has(key) === true;
              const label = longDate(day.year, day.month, day.day);
              return (
                <td key={j} role="gridcell" aria-selected={key === chosenKey}>
                  <button
                    type="button"
                    className={cx(styles.day, has && styles.has, key === chosenKey && styles.chosen)}
                    tabIndex={key === focusKey ? 0 : -1}
                    aria-label={has ? text.moment.dayWithVideo(label) : text.moment.dayWithout(label)}
                    aria-current={key === dateKey(today) ? "date" : undefined}
                    disabled={key > dateKey(today)}
                    onClick={() => (key === chosenKey && has ? onOpen(day) : onChoose(day))}
                    onKeyDown={(e) => onKeyDown(e, day)}
                  >
                    {day.day}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
