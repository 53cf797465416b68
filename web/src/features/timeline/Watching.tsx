import { useEffect, useRef, useState } from "react";

import type { Camera } from "../../api/gen";
import { text } from "../../text/en";
import { MINUTE_US, SECOND_US } from "../../text/time";
import type { Range } from "../../timeline";
import { Controls } from "../camera/Controls";
import { MomentDialog } from "../camera/MomentDialog";
import { useCameraActions } from "../camera/useCameraActions";
import { useMoments } from "../camera/useMoments";
import { useNow } from "../camera/useNow";
import { usePlayerShortcuts } from "../camera/usePlayerShortcuts";
import type { Zoom } from "../camera/useZoom";
import { toggleFullScreen } from "../playing/fullScreen";
import { layoutOf } from "./stepLayout";
import { SelectionBar } from "./SelectionBar";
import { StepTile, type TileHandle } from "./StepTile";
import styles from "./Steps.module.css";
import { type TimelineHandle, TimelinePanel } from "./TimelinePanel";
import { useInStep } from "./useInStep";

type WatchingProps = {
  cameras: readonly Camera[];
  zone: string;
  main: boolean;
  atUs: number | null;
  onTime: (us: number) => void;
  onSought: (us: number) => void;
  screen: () => HTMLElement | null;
};

/** The pictures, what steers them, and the timeline below. */
export function Watching({ cameras, zone, main, atUs, onTime, onSought, screen }: WatchingProps) {
  const clock = useNow();
  const timeline = useRef<TimelineHandle>(null);
  const tiles = useRef(new Map<string, TileHandle>());
  const [firstUs] = useState(() => atUs ?? clock.now() - MINUTE_US);
  const [shownUs, setShownUs] = useState(firstUs);
  const [chosen, setChosen] = useState(cameras[0]?.id ?? "");
  const [selection, setSelection] = useState<Range | null>(null);
  const [zoom, setZoom] = useState<Zoom | null>(null);
  const [picking, setPicking] = useState(false);
  const ids = cameras.map(({ id }) => id);

  const { step, playback } = useInStep(
    firstUs,
    clock.now,
    (us) => {
      timeline.current?.setPlayhead(us, false);
      onTime(us);
      // The clock shows seconds; drawing the page for each picture would be waste.
      setShownUs((old) => (Math.floor(old / SECOND_US) === Math.floor(us / SECOND_US) ? old : us));
    },
    onSought,
  );
  const camera = cameras.find(({ id }) => id === chosen) ?? cameras[0];
  const actions = useCameraActions(camera, () => tiles.current.get(camera?.id ?? "")?.player ?? null, zone);
  const snapshot = () => void actions.snapshot(Math.round(step?.positionUs ?? shownUs));
  const fill = () => toggleFullScreen(screen());
  const { toGap, toEvent } = useMoments(ids, playback.seek, () => shownUs);
  usePlayerShortcuts(playback, zoom, { fill, toGap, toEvent, snapshot });
  useEffect(() => timeline.current?.setPlayhead(shownUs, false), [shownUs]);
  const layout = layoutOf(cameras.length);

  return (
    <>
      <div className={styles.field}>
        <div
          className={styles.tiles}
          style={{ "--columns": layout.columns, "--rows": layout.rows }}
          data-few={cameras.length <= 2}
        >
          {cameras.map((each) => (
            <StepTile
              key={each.id}
              ref={(handle) => {
                if (handle) tiles.current.set(each.id, handle);
                else tiles.current.delete(each.id);
              }}
              camera={each}
              step={step}
              main={main}
              chosen={each.id === camera?.id}
              marked={cameras.length > 1 && each.id === camera?.id}
              onChoose={() => setChosen(each.id)}
              onZoom={setZoom}
            />
          ))}
        </div>
      </div>
      <Controls
        playback={playback}
        zoom={zoom}
        hasSound={false}
        boxes={null}
        shownUs={shownUs}
        zone={zone}
        present={text.steps.now}
        onPickDay={() => setPicking(true)}
        onSnapshot={snapshot}
        onGap={toGap}
        onEvent={toEvent}
        onSelect={() => (selection ? setSelection(null) : timeline.current?.selectAbout(shownUs))}
        fullScreenTarget={screen}
      />
      {selection && <SelectionBar cameras={ids} selection={selection} zone={zone} onClear={() => setSelection(null)} />}
      <TimelinePanel
        ref={timeline}
        cameras={cameras}
        zone={zone}
        nowUs={clock.nowUs}
        playheadUs={shownUs}
        atUs={atUs ?? firstUs}
        selection={selection}
        onSeek={playback.seek}
        onScrub={(us, held, at) => {
          for (const [id, tile] of tiles.current) tile.player?.scrub(at(id), us, held);
          timeline.current?.setPlayhead(us, false);
          playback.scrub(us, held);
        }}
        onSelect={setSelection}
      />
      {picking && camera && (
        <MomentDialog
          camera={camera.id}
          zone={zone}
          shownUs={shownUs}
          nowUs={clock.nowUs}
          onGo={playback.seek}
          onClose={() => setPicking(false)}
        />
      )}
    </>
  );
}
