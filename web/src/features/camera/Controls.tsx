import { Button, IconButton } from "../../design/Button";
import { cx } from "../../design/cx";
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

/** Everything that steers the player, in one row that wraps on a phone. */
export function Controls(props: ControlsProps) {
  const { playback, zoom, shownUs, zone, hasSound } = props;
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
        <IconButton icon="frameBack" label={text.player.frameBack} onClick={() => playback.step(-1)} />
        <IconButton icon="frameForward" label={text.player.frameForward} onClick={() => playback.step(1)} />
        <Speed playback={playback} />
        <IconButton icon="gapBack" label={text.playback.previousGap} onClick={() => props.onGap("previous")} />
        <IconButton icon="gapNext" label={text.playback.nextGap} onClick={() => props.onGap("next")} />
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
        {props.boxes !== null && (
          <IconButton
            icon="object"
            label={props.boxes ? text.player.boxesOff : text.player.boxesOn}
            pressed={props.boxes}
            onClick={() => setPreferences({ boxes: !props.boxes })}
          />
        )}
        {zoom && zoom.view.scale > 1 && (
          <Button tone="quiet" aria-label={text.player.zoomReset(zoom.view.scale)} onClick={zoom.reset}>
            {text.player.times(Number(zoom.view.scale.toFixed(1)))}
          </Button>
        )}
        {zoom && <IconButton icon="zoomIn" label={text.player.zoomIn} onClick={zoom.zoomIn} />}
        <IconButton icon="select" label={text.selection.begin} onClick={props.onSelect} />
        <IconButton icon="snapshot" label={text.player.snapshot} onClick={props.onSnapshot} />
        {props.onSave && (
          <IconButton icon="download" label={text.player.save} onClick={props.onSave} aria-haspopup="dialog" />
        )}
        <FullScreenButton target={props.fullScreenTarget} />
      </div>
    </div>
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
        <Slider
          label={text.player.volume}
          value={playback.volume}
          min={0}
          max={1}
          step={0.05}
          valueText={text.player.percent(playback.volume)}
          onChange={playback.setVolume}
        />
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
