import { type KeyboardEvent, useEffect, useEffectEvent, useImperativeHandle, useRef, useState } from "react";

import type { Camera } from "../../api/gen";
import { Button } from "../../design/Button";
import { text } from "../../text/en";
import { clockTime, dateAndTime, duration, zoneName } from "../../text/format";
import { parseMoment, SECOND_US } from "../../text/time";
import { TimelineView } from "../../timeline";
import { firstRange } from "./firstRange";
import styles from "./Timeline.module.css";
import { type Gap, grownTo, soughtAt } from "./timelineChunks";
import { useTimeline } from "./useTimeline";

export type TimelineHandle = { setPlayhead: (us: number, live: boolean) => void };

type TimelinePanelProps = {
  ref: React.Ref<TimelineHandle>;
  camera: Camera;
  zone: string;
  nowUs: number;
  playheadUs: number;
  /** The moment that was asked for last; null means live. */
  atUs: number | null;
  onSeek: (us: number) => void;
};

const SETTLE_MS = 120;
type Pointed = { us: number; gap: Gap | null };

/** The archive of one camera along time, below its player. */
export function TimelinePanel({ ref, camera, zone, nowUs, playheadUs, atUs, onSeek }: TimelinePanelProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<TimelineView>(null);
  const [range, setRange] = useState(() => firstRange(playheadUs, nowUs, parseMoment(camera.added_at) ?? 0));
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const live = atUs === null;
  const data = useTimeline(camera.id, range.fromUs, range.toUs, nowUs);

  const recorded = camera.state.phase === "online";

  const seek = useEffectEvent((us: number) => onSeek(soughtAt(us, data.stretches)));
  const start = useEffectEvent((made: TimelineView) => {
    made.setZone(zone);
    made.setNow(nowUs);
    made.setRange(range.fromUs, range.toUs);
    made.setPlayhead(playheadUs, live);
  });
  useEffect(() => {
    if (!canvas.current) return;
    let settling: number | undefined;
    const made = new TimelineView(canvas.current, {
      onSeek: (us) => seek(us),
      onHover: (us, gap) => setPointed(us === null ? null : { us, gap }),
      onRange: (fromUs, toUs) => {
        window.clearTimeout(settling);
        settling = window.setTimeout(() => setRange({ fromUs, toUs }), SETTLE_MS);
      },
    });
    view.current = made;
    start(made);
    return () => {
      window.clearTimeout(settling);
      made.close();
      view.current = null;
    };
  }, [camera.id]);

  /** A moment chosen elsewhere (a day, a row of the list, a key, live) may lie out of sight. */
  const show = useEffectEvent((us: number) => {
    if (us >= range.fromUs && us <= range.toUs) return;
    const half = (range.toUs - range.fromUs) / 2;
    const next = { fromUs: us - half, toUs: us + half };
    view.current?.setRange(next.fromUs, next.toUs);
    setRange(next);
  });
  useEffect(() => {
    const timer = window.setTimeout(() => show(atUs ?? Date.now() * 1000));
    return () => window.clearTimeout(timer);
  }, [atUs]);

  useEffect(() => view.current?.setZone(zone), [zone]);
  useEffect(() => view.current?.setNow(nowUs), [nowUs]);
  useEffect(() => {
    // While new pieces are on their way the old ones stay: no flash of emptiness at each zoom.
    if (data.stretches.length === 0) return;
    view.current?.setData(recorded ? grownTo(nowUs, data.stretches) : data.stretches);
  }, [data.stretches, recorded, nowUs]);
  useImperativeHandle(ref, () => ({ setPlayhead: (us, isLive) => view.current?.setPlayhead(us, isLive) }), []);

  const onKeyDown = (e: KeyboardEvent) => {
    if (view.current?.handleKey(e.nativeEvent) !== true) return;
    e.preventDefault();
    e.stopPropagation();
  };

  return (
    <section className={styles.panel} aria-label={text.timeline.label}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        tabIndex={0}
        role="slider"
        aria-label={text.timeline.moment}
        aria-valuemin={Math.floor(range.fromUs / SECOND_US)}
        aria-valuemax={Math.ceil(range.toUs / SECOND_US)}
        aria-valuenow={Math.floor(playheadUs / SECOND_US)}
        aria-valuetext={live ? text.player.live : dateAndTime(playheadUs, zone)}
        onKeyDown={onKeyDown}
      />
      <div className={styles.legend}>
        {data.failed ? (
          <>
            <span role="alert">{text.timeline.failed}</span>
            <Button tone="quiet" onClick={data.retry}>
              {text.actions.tryAgain}
            </Button>
          </>
        ) : (
          <span aria-live="polite">{pointed ? pointedText(pointed, zone) : text.timeline.hint}</span>
        )}
        <span className={styles.zone}>{text.timeline.zone(zoneName(zone, playheadUs))}</span>
      </div>
    </section>
  );
}

function pointedText({ us, gap }: Pointed, zone: string): string {
  if (!gap) return clockTime(us, zone);
  if (gap.reason === "not_added") return text.timeline.before(clockTime(us, zone), gap.title);
  return text.timeline.gap(clockTime(us, zone), gap.title, duration((gap.toUs - gap.fromUs) / SECOND_US));
}
