import { useState } from "react";

import { problem, useClient } from "../../api/queries";
import { Button, IconButton } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { longDate, monthName, zoneName } from "../../text/format";
import { dateKey, dayRange, fromWall, parseMoment, timeKey, toWall, type WallDate } from "../../text/time";
import styles from "./Moment.module.css";
import { MonthGrid } from "./MonthGrid";
import { useRecordedDays } from "./useRecordedDays";

type MomentDialogProps = {
  camera: string;
  zone: string;
  shownUs: number;
  nowUs: number;
  onGo: (us: number) => void;
  onClose: () => void;
};

/** Choose a day, those with video are marked, or an exact time. */
export function MomentDialog({ camera, zone, shownUs, nowUs, onGo, onClose }: MomentDialogProps) {
  const client = useClient();
  const shown = toWall(shownUs, zone);
  const [month, setMonth] = useState({ year: shown.year, month: shown.month });
  const [date, setDate] = useState<WallDate>(shown);
  const [time, setTime] = useState(timeKey(shown));
  const recorded = useRecordedDays(camera, month.year, month.month, zone);

  const turn = (months: number) => {
    const first = new Date(Date.UTC(month.year, month.month - 1 + months, 1));
    setMonth({ year: first.getUTCFullYear(), month: first.getUTCMonth() + 1 });
  };
  const go = (us: number) => {
    onGo(us);
    onClose();
  };
  /** To where the video of that day begins, or to midnight when that can't be told. */
  const goToDay = async (day: WallDate) => {
    const { fromUs, toUs } = dayRange(day, zone);
    const answer = await client.timeline(camera, fromUs, toUs);
    const first = answer.ok ? answer.value.spans[0] : undefined;
    go((first && parseMoment(first.from)) ?? fromUs);
  };
  const goToTime = () => {
    const [hour = 0, minute = 0, second = 0] = time.split(":").map(Number);
    go(fromWall({ ...date, hour, minute, second }, zone));
  };

  return (
    <Dialog title={text.moment.title} closeLabel={text.actions.close} onClose={onClose}>
      <div className={styles.month}>
        <IconButton icon="left" label={text.moment.previousMonth} onClick={() => turn(-1)} />
        <h3 aria-live="polite">{monthName(month.year, month.month)}</h3>
        <IconButton icon="right" label={text.moment.nextMonth} onClick={() => turn(1)} />
      </div>
      {recorded.isError && <Notice tone="bad" title={problem(recorded.error).title} />}
      <MonthGrid
        key={`${month.year}-${month.month}`}
        {...month}
        chosen={date}
        today={toWall(nowUs, zone)}
        recorded={recorded.data ?? null}
        onChoose={setDate}
        onOpen={(day) => void goToDay(day)}
      />
      <p className={styles.legend}>
        <span className={styles.mark} aria-hidden="true" /> {text.moment.legend}
      </p>
      <form
        className={styles.time}
        onSubmit={(e) => {
          e.preventDefault();
          goToTime();
        }}
      >
        <Field
          label={text.moment.time(longDate(date.year, date.month, date.day))}
          hint={text.timeline.zone(zoneName(zone, shownUs))}
          type="time"
          step={1}
          required
          value={time}
          onChange={(e) => setTime(e.target.value)}
        />
        <div className={styles.buttons}>
          <Button
            disabled={recorded.data?.has(dateKey(date)) === false}
            onClick={() => void goToDay(date)}
            icon="calendar"
          >
            {text.moment.dayStart}
          </Button>
          <Button type="submit" tone="primary" icon="play">
            {text.moment.go}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
