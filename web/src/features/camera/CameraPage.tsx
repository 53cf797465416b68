import { lazy, Suspense, useEffect, useRef, useState } from "react";

import type { Camera } from "../../api/gen";
import { problem, useCameras, useZone } from "../../api/queries";
import { buttonClass, Button, IconButton } from "../../design/Button";
import { EmptyState, ErrorState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { SECOND_US } from "../../text/time";
import type { Range } from "../../timeline";
import { CameraBadge } from "../cameras/CameraBadge";
import { PlayerOverlay } from "../playing/PlayerOverlay";
import { toggleFullScreen } from "../playing/fullScreen";
import { SeenBoxes } from "../playing/SeenBoxes";
import { usePlayer } from "../playing/usePlayer";
import { Link, navigate } from "../shell/navigation";
import { usePreferences } from "../shell/preferences";
import { type CameraPart, hrefOf } from "../shell/routes";
import styles from "./CameraPage.module.css";
import { SelectionBar } from "../timeline/SelectionBar";
import { CameraPanel } from "./CameraPanel";
import { Controls } from "./Controls";
import { MomentDialog } from "./MomentDialog";
import { RecordingsList } from "./RecordingsList";
import { SaveDialog } from "./SaveDialog";
import { type TimelineHandle, TimelinePanel } from "../timeline/TimelinePanel";
import { useCameraActions } from "./useCameraActions";
import { useMoments } from "./useMoments";
import { useNow } from "./useNow";
import { usePlayback } from "./usePlayback";
import { usePlayerShortcuts } from "./usePlayerShortcuts";
import { useZoom } from "./useZoom";

type Shown = { atUs: number | null; part: CameraPart };

/** A camera by its id: found, not there, or not yet known. */
export function CameraPage({ id, ...shown }: { id: string } & Shown) {
  const query = useCameras();
  const camera = query.data?.find((candidate) => candidate.id === id);
  useEffect(() => {
    document.title = camera ? text.titles.camera(camera.name) : text.product;
  }, [camera]);

  if (camera) return <Watching key={id} camera={camera} {...shown} />;
  if (query.isPending) {
    return (
      <div className={styles.page}>
        <Skeleton label={text.shell.loading} shape="block" />
      </div>
    );
  }
  if (query.isError) {
    const { title, detail } = problem(query.error);
    const retry = <Button onClick={() => void query.refetch()}>{text.actions.tryAgain}</Button>;
    return <ErrorState level={1} title={title} detail={detail} action={retry} />;
  }
  return (
    <EmptyState
      level={1}
      icon="camera"
      title={text.camera.unknown}
      detail={text.camera.unknownDetail}
      action={
        <Link className={buttonClass("primary")} href={hrefOf({ view: "devices" })}>
          {text.camera.toDevices}
        </Link>
      }
    />
  );
}

type Open = "moment" | "save" | "police" | null;

/** Nobody has to load what is needed so seldom. */
const PoliceDialog = lazy(async () => ({ default: (await import("../exports")).PoliceDialog }));

function Watching({ camera, atUs, part }: { camera: Camera } & Shown) {
  const zone = useZone();
  const clock = useNow();
  const [playedUs, setPlayedUs] = useState<number | null>(null);
  const [open, setOpen] = useState<Open>(null);
  const [asList, setAsList] = useState(false);
  const [selection, setSelection] = useState<Range | null>(null);
  const [seen, setSeen] = useState(false);
  const { boxes } = usePreferences();
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const watch = useRef<HTMLElement>(null);
  const timeline = useRef<TimelineHandle>(null);

  const { attach, player, state } = usePlayer((us) => {
    timeline.current?.setPlayhead(us, atUs === null);
    if (atUs === null) clock.learn(us);
    // The clock shows seconds; drawing the page for each picture would be waste.
    setPlayedUs((old) => (old !== null && Math.floor(old / SECOND_US) === Math.floor(us / SECOND_US) ? old : us));
  });
  const zoom = useZoom(stage, player);
  const playback = usePlayback(camera, atUs, { stream: "main", part, nowUs: clock.now }, player, state);
  const shownUs = (state.kind === "playing" || state.kind === "paused" ? playedUs : null) ?? atUs ?? clock.nowUs;
  const actions = useCameraActions(camera, () => player, zone);
  const fill = () => toggleFullScreen(watch.current);
  const snapshot = () => void actions.snapshot(shownUs);
  const { toGap, toEvent } = useMoments([camera.id], playback.seek, () => shownUs);
  usePlayerShortcuts(playback, zoom, { fill, toGap, toEvent, snapshot });
  useEffect(() => timeline.current?.setPlayhead(shownUs, playback.live), [shownUs, playback.live]);
  // The picture is asked for before the rest of the page is drawn: half of the way to the first picture was drawing.
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    const drawing = window.setTimeout(() => setAsked(player !== null));
    return () => window.clearTimeout(drawing);
  }, [player]);

  const shape = camera.streams.main ?? camera.streams.sub;
  const picture = stage && shape ? { stage, view: zoom.view, aspect: shape.width / Math.max(1, shape.height) } : null;
  const hasSound = Boolean(camera.streams.main?.audio ?? camera.streams.sub?.audio);
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1 className={styles.title}>
          <bdi>{camera.name}</bdi>
        </h1>
        <CameraBadge camera={camera} />
        <span className={styles.space} />
        <IconButton
          icon="link"
          label={text.camera.copyLink}
          onClick={() => actions.copyLink(playback.live ? null : shownUs)}
        />
        <IconButton
          icon="timeline"
          label={text.playback.several}
          onClick={() =>
            navigate(
              hrefOf({ view: "timeline", cameras: [camera.id], atUs: playback.live ? null : shownUs, main: false }),
            )
          }
        />
        <Button icon="shield" aria-haspopup="dialog" onClick={() => setOpen("police")}>
          {text.playback.police}
        </Button>
        <Button icon="list" aria-expanded={asList} onClick={() => setAsList(!asList)}>
          {text.recordings.asList}
        </Button>
      </header>
      <div className={styles.columns} data-steered={part === "control" || part === "settings"}>
        <section className={styles.watch} ref={watch} aria-label={text.player.label(camera.name)}>
          <div className={styles.stage} ref={setStage} onDoubleClick={fill} data-zoomed={zoom.view.scale > 1}>
            <div className={styles.picture} ref={attach} />
            {picture && <SeenBoxes picture={picture} shown={boxes} onTold={() => setSeen(true)} />}
            <PlayerOverlay
              player={state}
              camera={playback.live ? camera.state : null}
              action={state.kind === "ended" && <Button onClick={playback.goLive}>{text.player.goLive}</Button>}
            />
          </div>
          {asked && (
            <>
              <Controls
                playback={playback}
                zoom={zoom}
                hasSound={hasSound}
                boxes={seen ? boxes : null}
                shownUs={shownUs}
                zone={zone}
                onPickDay={() => setOpen("moment")}
                onSnapshot={snapshot}
                onGap={toGap}
                onEvent={toEvent}
                onSelect={() => (selection ? setSelection(null) : timeline.current?.selectAbout(shownUs))}
                onSave={() => setOpen("save")}
                fullScreenTarget={() => watch.current}
              />
              {selection && (
                <SelectionBar
                  cameras={[camera.id]}
                  selection={selection}
                  zone={zone}
                  onClear={() => setSelection(null)}
                />
              )}
              <TimelinePanel
                ref={timeline}
                cameras={[camera]}
                zone={zone}
                nowUs={clock.nowUs}
                playheadUs={shownUs}
                atUs={atUs}
                selection={selection}
                onSeek={playback.seek}
                onScrub={(us, held, at) => {
                  player?.scrub(at(camera.id), us, held);
                  timeline.current?.setPlayhead(us, false);
                  playback.scrub(us, held);
                }}
                onSelect={setSelection}
              />
            </>
          )}
        </section>
        {asList && (
          <RecordingsList camera={camera.id} zone={zone} dayUs={shownUs} nowUs={clock.nowUs} onSeek={playback.seek} />
        )}
        {asked && (
          <CameraPanel
            camera={camera}
            zone={zone}
            part={part}
            atUs={atUs}
            nowUs={clock.nowUs}
            picture={picture}
            onSeek={playback.seek}
          />
        )}
      </div>
      {open === "moment" && (
        <MomentDialog
          camera={camera.id}
          zone={zone}
          shownUs={shownUs}
          nowUs={clock.nowUs}
          onGo={playback.seek}
          onClose={() => setOpen(null)}
        />
      )}
      <Suspense fallback={null}>
        {open === "police" && <PoliceDialog camera={camera.id} atUs={shownUs} onClose={() => setOpen(null)} />}
      </Suspense>
      {open === "save" && (
        <SaveDialog camera={camera} zone={zone} shownUs={shownUs} nowUs={clock.nowUs} onClose={() => setOpen(null)} />
      )}
    </div>
  );
}
