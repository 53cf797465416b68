/** A camera's recording from one moment on, across segments, formats and gaps. */

import { Backoff } from "./backoff";
import { hasDecoder } from "./capability";
import type { EngineFailure, PlaybackEngine } from "./engine";
import { Crossing, endedState, type GapNote, type Hole } from "./hole";
import type { Layer, LayerEvents } from "./layer";
import type { VideoDescription } from "./mp4";
import type { Note } from "./notes";
import { Pace } from "./pace";
import { playbackLayer, type PlaybackOptions } from "./playback_layer";
import { passes, type Session, type SessionHost } from "./session";
import type { PlayerState } from "./state";
import { text } from "../text/en";
import { codecName } from "../text/format";

const RAISE_MS = 200;
/** While scrubbing: a moment asked for is shown before the next one is asked for, unless it takes longer than this. */
const SCRUB_MS = 500;
const PICTURE_US = 40_000;
/** Footage that breaks the decoder again is left out by this much. */
const SKIP_BROKEN_US = 2e6;
const MAX_FAILURES = 5;

/** The recording asked for. */
export type Wish = Pick<PlaybackOptions, "camera" | "stream" | "sound" | "head">;

/** Invariant: `layer` is the only one that is not disowned, and plays as `pace` says. */
export class PlaybackSession implements Session {
  private layer: Layer<PlaybackEngine> | null = null;
  private gaps: GapNote[] = [];
  private hole: Hole | null = null;
  /** The recorder has no more to send: the camera is not being recorded. */
  private ended = false;
  private note: string | undefined;
  private playing = true;
  private openedMs = 0;
  private readonly pace: Pace;
  private failures = 0;
  private pendingUs: number | null = null;
  private readonly backoff = new Backoff(1_000, 15_000);
  private readonly raising = setInterval(() => this.raise(), RAISE_MS);
  private readonly crossing = new Crossing({
    show: (state) => this.host.emit(state),
    // Cameras in step go on together.
    jump: (toUs) => this.options.head ?? this.layer?.engine?.jump(toUs),
  });
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: SessionHost,
    private readonly options: PlaybackOptions,
    private fromUs: number,
    private visible: boolean,
  ) {
    this.pace = new Pace(options);
    if (visible) this.open(fromUs);
  }

  /** The same recording, wished in the same way. */
  matches(wish: Wish): boolean {
    const { camera, stream, sound, head } = this.options;
    return camera === wish.camera && stream === wish.stream && sound === wish.sound && head === wish.head;
  }

  seek(utcUs: number): void {
    this.crossing.cancel();
    this.hole = null;
    const opening = this.layer && !this.layer.painted && performance.now() - this.openedMs < SCRUB_MS;
    if (!this.visible) this.fromUs = utcUs;
    else if (this.layer?.engine?.seek(utcUs)) this.pendingUs = null;
    else if (opening) this.pendingUs = utcUs;
    else this.open(utcUs);
  }

  /** Who stops to look wants the picture as it was recorded, not what was good enough for the speed. */
  pause(): void {
    this.halt();
    this.changeManner();
  }

  resume(): void {
    this.playing = true;
    this.pace.stepping = false;
    if (this.changeManner()) return;
    this.layer?.engine?.play();
    // Whoever plays on at the end wants to see what was recorded since.
    if (this.hole?.toUs === null && this.ended) this.open(this.positionUs());
    else if (this.hole) this.atHole();
  }

  step(count: number): void {
    const beyond = this.positionUs() + count * PICTURE_US;
    this.halt();
    const stepped = this.pace.outdated() ? undefined : this.layer?.engine?.step(count);
    if (stepped === undefined || (!stepped && count < 0)) this.open(beyond);
  }

  look(count: number): number | null {
    this.halt();
    if (this.changeManner()) return null;
    return this.layer?.engine?.neighbourUs?.(count) ?? null;
  }

  setRate(rate: number): void {
    const { heard } = this.pace;
    this.options.rate = rate;
    if (this.changeManner()) return;
    if (heard !== this.pace.heard && this.visible) this.open(this.positionUs());
    else this.layer?.engine?.setRate(rate);
  }

  setSound(on: boolean, volume: number): void {
    const changed = on !== this.options.sound;
    Object.assign(this.options, { sound: on, volume });
    this.layer?.engine?.setVolume(volume);
    this.pace.soundless &&= !changed;
    if (changed && this.visible) this.open(this.positionUs());
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    this.visible = visible;
    if (visible) this.open(this.options.head?.positionUs() ?? this.fromUs);
    else this.stop();
  }

  positionUs(): number {
    return this.pendingUs ?? this.layer?.engine?.positionUs() ?? this.fromUs;
  }

  retire(): void {
    clearInterval(this.raising);
    this.stop();
  }

  private halt(): void {
    this.playing = false;
    this.pace.stepping = true;
    this.layer?.engine?.pause();
    this.host.emit({ kind: "paused" });
  }

  /** Go on in another manner where the speed needs one; false where it is the same. */
  private changeManner(): boolean {
    this.pace.learn(this.layer?.engine?.groupUs?.());
    if (!this.pace.outdated()) return false;
    if (this.visible) this.open(this.positionUs());
    return true;
  }

  /** End the stream, keep the picture. */
  private stop(): void {
    this.crossing.cancel();
    clearTimeout(this.retry);
    this.fromUs = this.positionUs();
    const layer = this.layer;
    this.layer = null;
    layer?.freeze();
    this.host.stage.removeHidden();
  }

  private open(fromUs: number): void {
    this.stop();
    this.pace.begin(fromUs);
    Object.assign(this, { fromUs, gaps: [], hole: null, ended: false, pendingUs: null });
    this.openedMs = performance.now();
    if (this.playing) this.host.emit({ kind: "loading" });
    const events = this.events(() => layer);
    const layer: Layer<PlaybackEngine> = playbackLayer(this.host, this.options, this.pace, fromUs, events);
    this.layer = layer;
  }

  private events(layer: () => Layer<PlaybackEngine>): LayerEvents {
    return {
      ready: () => this.ready(layer()),
      painted: (utcUs) => this.painted(layer(), utcUs),
      note: (note) => this.noted(note),
      unplayable: (track) => this.unplayable(track),
      failed: (failure) => this.failed(failure),
      silent: (why) => this.silent(why),
      hole: (fromUs, toUs) => {
        this.hole = { fromUs, toUs };
        this.atHole();
      },
      lost: () => undefined, // what is buffered plays on
      reopened: () => this.open(this.positionUs()),
    };
  }

  private ready(layer: Layer<PlaybackEngine>): void {
    this.host.stage.add(layer);
    layer.engine?.setRate(this.pace.speed);
    if (!this.playing) layer.engine?.pause();
  }

  private painted(layer: Layer<PlaybackEngine>, utcUs: number): void {
    this.hole = null;
    if (!layer.painted) {
      layer.painted = true;
      this.failures = 0;
      this.backoff.reset();
      this.host.stage.raise(layer);
    }
    this.emitPlaying(layer);
    this.host.painted(utcUs, layer.stream, layer.boxesAt(utcUs));
    const pendingUs = this.pendingUs;
    this.pendingUs = null;
    if (pendingUs !== null) this.seek(pendingUs);
  }

  private emitPlaying(layer: Layer<PlaybackEngine>): void {
    if (!layer.engine) return;
    const { kind: engine } = layer.engine;
    this.host.emit(
      this.playing ? { kind: "playing", stream: layer.stream, engine, note: this.note } : { kind: "paused" },
    );
  }

  private noted(note: Note): void {
    switch (note.type) {
      case "gap":
        this.gaps.push(note);
        this.layer?.engine?.finish?.();
        this.raiseTo(this.pace.beyond(this.pace.manner.backwards ? note.fromUs : note.toUs));
        this.atHole();
        return;
      case "end":
        this.ended = true;
        this.layer?.engine?.finish?.();
        this.atHole();
        return;
      case "problem":
        if (passes(note)) this.again({ kind: "waiting", title: note.title });
        else this.fail(note.title, note.remedy);
        return;
      case "opened":
      case "skipped":
      case "state": // what the camera does now changes nothing in what was recorded
    }
  }

  /** The play head has no footage before it: say why, then go on behind it. */
  private atHole(): void {
    if (this.hole) this.crossing.meet(this.hole, this.gaps, this.ended, this.pace.manner.backwards);
    else if (this.ended && !this.layer?.fed) this.host.emit(endedState(this.pace.manner.backwards));
  }

  private raise(): void {
    const engine = this.layer?.engine;
    const pendingUs = this.pendingUs;
    if (pendingUs !== null && performance.now() - this.openedMs > SCRUB_MS) this.open(pendingUs);
    else if (engine?.hungry()) this.raiseTo(this.pace.due(engine.positionUs() ?? this.fromUs));
  }

  private raiseTo(untilUs: number): void {
    if (this.pace.raise(untilUs)) this.layer?.raiseUntil(untilUs);
  }

  private unplayable(track: VideoDescription): void {
    const codec = codecName(track.codec);
    if (this.pace.manner.backwards && !hasDecoder()) this.fail(text.picture.noRewind, text.picture.noRewindRemedy);
    else if (this.pace.substitute || this.options.stream === "sub")
      this.fail(text.picture.unplayable(codec), text.picture.unplayableRemedy);
    else {
      this.pace.substitute = true;
      this.note = text.picture.lowResolution(codec);
      this.open(this.positionUs());
    }
  }

  private failed(failure: EngineFailure): void {
    this.failures++;
    const fromUs = this.positionUs() + (this.failures > 1 && !failure.early ? SKIP_BROKEN_US : 0);
    if (this.failures > MAX_FAILURES) this.fail(text.picture.broken, text.picture.brokenRemedy);
    else this.open(fromUs);
  }

  private silent(why: "unplayable" | "blocked"): void {
    this.note = why === "blocked" ? text.picture.soundBlocked : text.picture.soundUnplayable;
    if (why === "blocked") return;
    this.pace.soundless = true;
    this.open(this.positionUs());
  }

  private fail(title: string, remedy: string): void {
    this.stop();
    this.host.emit({ kind: "failed", title, remedy });
  }

  private again(state: PlayerState): void {
    this.stop();
    this.host.emit(state);
    this.retry = setTimeout(() => this.open(this.fromUs), this.backoff.next());
  }
}
