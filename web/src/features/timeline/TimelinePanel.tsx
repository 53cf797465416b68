import { type KeyboardEvent, type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef, useState } from "react";

import type { Camera } from "../../api/gen";
import { Button } from "../../design/Button";
import { text } from "../../text/en";
import { clockTime, dateAndTime, duration, zoneName } from "../../text/format";
import { parseMoment, SECOND_US } from "../../text/time";
import type { Preview } from "../../player";
import { type Mark, type Range, selectedAbout, TimelineView } from "../../timeline";
import { useMarks } from "../events/useMarks";
import { firstRange } from "./firstRange";
import { type CardHandle, PreviewCard } from "./PreviewCard";
import styles from "./Timeline.module.css";
import { type Gap, grownTo, soughtAt } from "./timelineChunks";
import { usePreviews } from "./usePreviews";
import { useTimelines } from "./useTimelines";

export type TimelineHandle = {
  setPlayhead: (us: number, live: boolean) => void;
  /** A selection about a moment, as wide as fits the view. */
  selectAbout: (us: number) => void;
};

type TimelinePanelProps = {
  ref: Ref<TimelineHandle>;
  /** One below the other. */
  cameras: readonly Camera[];
  zone: string;
  nowUs: number;
  playheadUs: number;
  /** The moment that was asked for last; null means live. */
  atUs: number | null;
  selection: Range | null;
  onSeek: (us: number) => void;
  /** The play head is dragged; *at* gives the small picture of a moment, if it is here by now. */
  onScrub: (us: number, held: boolean, at: (camera: string) => Preview | null) => void;
  onSelect: (selection: Range | null) => void;
};

const SETTLE_MS = 120;
type Pointed = { us: number; gap: Gap | null; mark: Mark | null };

/** The archive of cameras along time, below their pictures. */
export function TimelinePanel(props: TimelinePanelProps) {
  const { ref, cameras, zone, nowUs, playheadUs, atUs, selection, onSeek, onScrub, onSelect } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const view = useRef<TimelineView>(null);
  const card = useRef<CardHandle>(null);
  const [range, setRange] = useState(() => firstRange(playheadUs, nowUs, oldestOf(cameras)));
  const [pointed, setPointed] = useState<Pointed | null>(null);
  const live = atUs === null;
  const ids = cameras.map(({ id }) => id);
  const data = useTimelines(ids, range.fromUs, range.toUs, nowUs);
  const { marks, missingUntilUs } = useMarks(ids, range.fromUs, range.toUs, nowUs);
  const previews = usePreviews(cameras, range, playheadUs, nowUs);

  const seek = useEffectEvent((us: number) => onSeek(soughtAt(us, data.stretches.flat())));
  const scrub = useEffectEvent((us: number, held: boolean) =>
    onScrub(us, held, (camera) => previews?.at(camera, us) ?? null),
  );
  const select = useEffectEvent((chosen: Range | null) => onSelect(chosen));
  const point = useEffectEvent(
    (us: number | null, gap: Gap | null, at: { x: number; lane: number; mark: Mark | null }) => {
      const camera = cameras[at.lane];
      card.current?.show(us === null || gap || !camera ? null : (previews?.at(camera.id, us) ?? null), at.x);
      setPointed(us === null ? null : { us, gap, mark: at.mark });
    },
  );
  const start = useEffectEvent((made: TimelineView) => {
    made.setZone(zone);
    made.setNow(nowUs);
    made.setRange(range.fromUs, range.toUs);
    made.setPlayhead(playheadUs, live);
    made.setSelection(selection);
  });
  useEffect(() => {
    if (!canvas.current) return;
    let settling: number | undefined;
    const made = new TimelineView(canvas.current, {
      onSeek: (us) => seek(us),
      onScrub: (us, held) => scrub(us, held),
      onHover: (us, gap, at) => point(us, gap, at),
      onSelect: (chosen) => select(chosen),
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
  }, []);

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
  useEffect(() => view.current?.setSelection(selection), [selection]);
  useEffect(() => {
    const lanes = cameras.map((camera, i) => {
      const known = data.stretches[i] ?? [];
      const pieces = camera.state.phase === "online" ? grownTo(nowUs, known) : known;
      return { name: cameras.length > 1 ? camera.name : "", pieces, marks: marks[i] ?? [] };
    });
    // While new pieces are on their way the old ones stay: no flash of emptiness at each zoom.
    if (lanes.some(({ pieces }) => pieces.length > 0)) view.current?.setLanes(lanes);
  }, [data.stretches, cameras, nowUs, marks]);
  useImperativeHandle(ref, () => ({
    setPlayhead: (us, isLive) => view.current?.setPlayhead(us, isLive),
    selectAbout: (us) => onSelect(selectedAbout(us, view.current?.visible ?? range, nowUs)),
  }));

  const onKeyDown = (e: KeyboardEvent) => {
    if (view.current?.handleKey(e.nativeEvent) !== true) return;
    e.preventDefault();
    e.stopPropagation();
  };

  return (
    <section className={styles.panel} aria-label={text.timeline.label}>
      <div className={styles.frame}>
        <PreviewCard ref={card} />
        <canvas
          ref={canvas}
          className={styles.canvas}
          style={{ "--lanes": cameras.length }}
          tabIndex={0}
          role="slider"
          aria-label={text.timeline.moment}
          aria-valuemin={Math.floor(range.fromUs / SECOND_US)}
          aria-valuemax={Math.ceil(range.toUs / SECOND_US)}
          aria-valuenow={Math.floor(playheadUs / SECOND_US)}
          aria-valuetext={live ? text.player.live : dateAndTime(playheadUs, zone)}
          onKeyDown={onKeyDown}
        />
      </div>
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
        {missingUntilUs !== null && (
          <span role="status">{text.events.notMarked(dateAndTime(missingUntilUs, zone))}</span>
        )}
        <span className={styles.zone}>{text.timeline.zone(zoneName(zone, playheadUs))}</span>
      </div>
    </section>
  );
}

function oldestOf(cameras: readonly Camera[]): number {
  const added = cameras.map(({ added_at }) => parseMoment(added_at) ?? 0);
  return added.length === 0 ? 0 : Math.min(...added);
}

function pointedText({ us, gap, mark }: Pointed, zone: string): string {
  if (mark) return text.events.onTimeline(clockTime(us, zone), markWords(mark));
  if (!gap) return clockTime(us, zone);
  if (gap.reason === "not_added") return text.timeline.before(clockTime(us, zone), gap.title);
  return text.timeline.gap(clockTime(us, zone), gap.title, duration((gap.toUs - gap.fromUs) / SECOND_US));
}

function markWords({ fromUs, toUs, name }: Mark): string {
  const seconds = (toUs - fromUs) / SECOND_US;
  return seconds < 1 ? name : text.events.lasting(name, duration(seconds));
}
