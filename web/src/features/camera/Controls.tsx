import { Button, IconButton } from "../../design/Button";
import { cx } from "../../design/cx";
import type { IconName } from "../../design/Icon";
import { Menu } from "../../design/Menu";
import { Slider } from "../../design/Slider";
import { text } from "../../text/en";
import { calendarDate, clockTime } from "../../text/format";
import { canFillScreen, toggleFullScreen, useFullScreenElement } from "../playing/fullScreen";
import { setPreferences } from "../shell/preferences";
import styles from "./Controls.module.css";
import { backRates, forwardRates } from "./rates";
import type { Playback } from "./usePlayback";
import type { Zoom } from "./useZoom";

const SKIP_S = 10;

type ControlsProps = {
  playback: Playback;
  zoom: Zoom | null;
  hasSound: boolean;
  shownUs: number;
  zone: string;
  onPickDay: () => void;
  onSnapshot: () => void;
  onSave?: () => void;
  onGap: (direction: "next" | "previous") => void;
  onEvent: (direction: "next" | "previous") => void;
  onSelect: () => void;
  /** Whether what the camera sees is drawn; null where it has told nothing. */
  boxes: boolean | null;
  /** What leads to the present is called. */
  present?: string;
  fullScreenTarget: () => HTMLElement | null;
};

/** Wanted less often: on a phone they are in a menu. */
type Less = { icon: IconName; label: string; onSelect: () => void; pressed?: boolean; dialog?: boolean };

/** Everything that steers the player: in one row, on a phone in two, with the rest in a menu. */
export function Controls(props: ControlsProps) {
  const { playback, zoom, shownUs, zone, hasSound } = props;
  const frames: Less[] = [
    { icon: "frameBack", label: text.player.frameBack, onSelect: () => playback.step(-1) },
    { icon: "frameForward", label: text.player.frameForward, onSelect: () => playback.step(1) },
  ];
  const gaps: Less[] = [
    { icon: "gapBack", label: text.playback.previousGap, onSelect: () => props.onGap("previous") },
    { icon: "gapNext", label: text.playback.nextGap, onSelect: () => props.onGap("next") },
  ];
  const picture = pictureActs(props);
  return (
    <div className={styles.controls} role="group" aria-label={text.player.controls}>
      <div className={styles.group}>
        <IconButton icon="back" label={text.player.back(SKIP_S)} onClick={() => playback.skip(-SKIP_S)} />
        <IconButton
          icon={playback.paused ? "play" : "pause"}
          label={playback.paused ? text.player.play : text.player.pause}
          onClick={playback.togglePause}
        />
        <IconButton
          icon="forward"
          label={text.player.forward(SKIP_S)}
          disabled={playback.live}
          onClick={() => playback.skip(SKIP_S)}
        />
        <LessOften acts={frames} />
        <Speed playback={playback} />
        <LessOften acts={gaps} />
        <IconButton icon="eventBack" label={text.events.previous} onClick={() => props.onEvent("previous")} />
        <IconButton icon="eventNext" label={text.events.next} onClick={() => props.onEvent("next")} />
      </div>
      <button type="button" className={styles.clock} onClick={props.onPickDay} aria-haspopup="dialog">
        <span className="visually-hidden">{text.player.pickMoment}</span>
        <time className={styles.time}>{clockTime(shownUs, zone)}</time>
        <span className={styles.date}>{calendarDate(shownUs, zone)}</span>
      </button>
      <button
        type="button"
        className={cx(styles.live, playback.live && !playback.paused && styles.isLive)}
        aria-pressed={playback.live && !playback.paused}
        onClick={playback.goLive}
      >
        <span className={styles.liveDot} aria-hidden="true" />
        {props.present ?? text.player.live}
      </button>
      <div className={cx(styles.group, styles.end)}>
        {hasSound && <Sound playback={playback} />}
        {zoom && zoom.view.scale > 1 && (
          <Button tone="quiet" aria-label={text.player.zoomReset(zoom.view.scale)} onClick={zoom.reset}>
            {text.player.times(Number(zoom.view.scale.toFixed(1)))}
          </Button>
        )}
        <LessOften acts={picture} />
        <span className={styles.more}>
          <Menu
            trigger={<IconButton icon="more" label={text.player.more} />}
            items={[...picture, ...frames, ...gaps].map(({ icon, label, onSelect }) => ({ icon, label, onSelect }))}
          />
        </span>
        <FullScreenButton target={props.fullScreenTarget} />
      </div>
    </div>
  );
}

function pictureActs({ boxes, zoom, onSelect, onSnapshot, onSave }: ControlsProps): Less[] {
  const { player, selection } = text;
  const shown = boxes === true;
  return [
    { icon: "snapshot", label: player.snapshot, onSelect: onSnapshot },
    ...(onSave ? [{ icon: "download", label: player.save, onSelect: onSave, dialog: true } as const] : []),
    { icon: "select", label: selection.begin, onSelect },
    ...(zoom ? [{ icon: "zoomIn", label: player.zoomIn, onSelect: zoom.zoomIn } as const] : []),
    ...(boxes === null
      ? []
      : [
          {
            icon: "object",
            label: shown ? player.boxesOff : player.boxesOn,
            pressed: shown,
            onSelect: () => setPreferences({ boxes: !shown }),
          } as const,
        ]),
  ];
}

function LessOften({ acts }: { acts: readonly Less[] }) {
  return (
    <span className={styles.less}>
      {acts.map(({ icon, label, onSelect, pressed, dialog = false }) => (
        <IconButton
          key={icon}
          icon={icon}
          label={label}
          onClick={onSelect}
          {...(pressed !== undefined && { pressed })}
          {...(dialog && { "aria-haspopup": "dialog" as const })}
        />
      ))}
    </span>
  );
}

function Speed({ playback }: { playback: Playback }) {
  return (
    <select
      className={styles.speed}
      aria-label={text.player.speed}
      value={playback.rate}
      disabled={playback.live}
      onChange={(e) => playback.setRate(Number(e.target.value))}
    >
      <optgroup label={text.playback.forwardsGroup}>
        {forwardRates.map((rate) => (
          <option key={rate} value={rate}>
            {text.playback.times(rate)}
          </option>
        ))}
      </optgroup>
      <optgroup label={text.playback.backwardsGroup}>
        {backRates.map((rate) => (
          <option key={rate} value={rate}>
            {text.playback.times(rate)}
          </option>
        ))}
      </optgroup>
    </select>
  );
}

function Sound({ playback }: { playback: Playback }) {
  return (
    <>
      <IconButton
        icon={playback.sound ? "sound" : "muted"}
        label={playback.sound ? text.player.soundOff : text.player.soundOn}
        onClick={() => playback.setSound(!playback.sound)}
      />
      {playback.sound && (
        <span className={styles.less}>
          <Slider
            label={text.player.volume}
            value={playback.volume}
            min={0}
            max={1}
            step={0.05}
            valueText={text.player.percent(playback.volume)}
            onChange={playback.setVolume}
          />
        </span>
      )}
    </>
  );
}

function FullScreenButton({ target }: { target: () => HTMLElement | null }) {
  const filling = useFullScreenElement() !== null;
  if (!canFillScreen()) return null;
  return (
    <IconButton
      icon={filling ? "exitFullScreen" : "fullScreen"}
      label={filling ? text.actions.exitFullScreen : text.actions.fullScreen}
      onClick={() => toggleFullScreen(target())}
    />
  );
}
