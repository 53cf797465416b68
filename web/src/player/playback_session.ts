/** A camera's recording from one moment on, across segments, formats and gaps. */

import { Backoff } from "./backoff";
import type { EngineFailure, PlaybackEngine } from "./engine";
import { Crossing, type GapNote, type Hole } from "./hole";
import { Layer, type LayerEvents } from "./layer";
import type { StreamName } from "./media_socket";
import type { VideoDescription } from "./mp4";
import { MsePlayback } from "./mse_playback";
import type { Note } from "./notes";
import { passes, type Session, type SessionHost } from "./session";
import type { PlayerState } from "./state";
import { text } from "../text/en";
import { codecName } from "../text/format";
import { aheadUs, raisedUntil } from "./until";
import { WebCodecsPlayback } from "./webcodecs_playback";

const RAISE_MS = 200;
/** While scrubbing: a moment asked for is shown before the next one is asked for, unless it takes longer than this. */
const SCRUB_MS = 500;
const PICTURE_US = 40_000;
/** Footage that breaks the decoder again is left out by this much. */
const SKIP_BROKEN_US = 2e6;
const MAX_FAILURES = 5;

export interface PlaybackOptions {
  camera: string;
  stream: StreamName;
  sound: boolean;
  volume: number;
  rate: number;
}

/** Invariant: `layer` is the only one that is not disowned; it has been told `untilUs`. */
export class PlaybackSession implements Session {
  private layer: Layer<PlaybackEngine> | null = null;
  private untilUs = 0;
  private gaps: GapNote[] = [];
  private hole: Hole | null = null;
  /** The recorder has no more to send: the camera is not being recorded. */
  private ended = false;
  private note: string | undefined;
  private playing = true;
  private soundless = false;
  /** The main stream is not playable here. */
  private substitute = false;
  private openedMs = 0;
  private failures = 0;
  private pendingUs: number | null = null;
  private readonly backoff = new Backoff(1_000, 15_000);
  private readonly raising = setInterval(() => this.raise(), RAISE_MS);
  private readonly crossing = new Crossing({
    show: (state) => this.host.emit(state),
    jump: (toUs) => this.layer?.engine?.jump(toUs),
  });
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: SessionHost,
    private readonly options: PlaybackOptions,
    private fromUs: number,
    private visible: boolean,
  ) {
    if (visible) this.open(fromUs);
  }

  /** The same recording, wished in the same way. */
  matches(camera: string, stream: StreamName, sound: boolean): boolean {
    const own = this.options;
    return own.camera === camera && own.stream === stream && own.sound === sound;
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

  pause(): void {
    this.playing = false;
    this.layer?.engine?.pause();
    this.host.emit({ kind: "paused" });
  }

  resume(): void {
    this.playing = true;
    this.layer?.engine?.play();
    // Whoever plays on at the end wants to see what was recorded since.
    if (this.hole?.toUs === null && this.ended) this.open(this.positionUs());
    else if (this.hole) this.atHole();
  }

  step(count: number): void {
    const from = this.positionUs();
    this.pause();
    if (this.layer?.engine?.step(count) === false && count < 0) this.open(from + count * PICTURE_US);
  }

  setRate(rate: number): void {
    this.options.rate = rate;
    this.layer?.engine?.setRate(rate);
  }

  setSound(on: boolean, volume: number): void {
    const changed = on !== this.options.sound;
    Object.assign(this.options, { sound: on, volume });
    this.layer?.engine?.setVolume(volume);
    this.soundless &&= !changed;
    if (changed && this.visible) this.open(this.positionUs());
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    this.visible = visible;
    if (visible) this.open(this.fromUs);
    else this.stop();
  }

  positionUs(): number {
    return this.pendingUs ?? this.layer?.engine?.positionUs() ?? this.fromUs;
  }

  retire(): void {
    clearInterval(this.raising);
    this.stop();
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
    const { camera, sound, volume, rate } = this.options;
    const stream = this.substitute ? "sub" : this.options.stream;
    const audio = sound && !this.soundless;
    Object.assign(this, { fromUs, gaps: [], hole: null, ended: false, pendingUs: null });
    this.untilUs = fromUs + aheadUs(rate);
    this.openedMs = performance.now();
    this.host.emit({ kind: "loading" });
    const layer: Layer<PlaybackEngine> = new Layer<PlaybackEngine>({
      socket: this.host.socket,
      capability: this.host.capability,
      request: { mode: "playback", camera, stream, audio, fromUs, untilUs: this.untilUs },
      prefer: audio ? "mse" : "webcodecs",
      volume,
      make: (kind, context) =>
        kind === "mse" ? new MsePlayback(context, fromUs) : new WebCodecsPlayback(context, fromUs),
      events: this.events(() => layer),
    });
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
    layer.engine?.setRate(this.options.rate);
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
    this.host.painted(utcUs, layer.stream);
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
        this.raiseTo(note.toUs + aheadUs(this.options.rate));
        this.atHole();
        return;
      case "end":
        this.ended = true;
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
    if (this.hole) this.crossing.meet(this.hole, this.gaps, this.ended);
    else if (this.ended && !this.layer?.fed) this.host.emit({ kind: "ended" });
  }

  private raise(): void {
    const engine = this.layer?.engine;
    const pendingUs = this.pendingUs;
    if (pendingUs !== null && performance.now() - this.openedMs > SCRUB_MS) this.open(pendingUs);
    else if (engine?.hungry()) {
      this.raiseTo(raisedUntil(engine.positionUs() ?? this.fromUs, this.untilUs, this.options.rate) ?? 0);
    }
  }

  private raiseTo(untilUs: number): void {
    if (untilUs <= this.untilUs) return;
    this.untilUs = untilUs;
    this.layer?.raiseUntil(untilUs);
  }

  private unplayable(track: VideoDescription): void {
    const codec = codecName(track.codec);
    if (this.substitute || this.options.stream === "sub")
      this.fail(text.picture.unplayable(codec), text.picture.unplayableRemedy);
    else {
      this.substitute = true;
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
    this.soundless = true;
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
