/** A camera live: the sub stream first, the main stream as a second layer under it that comes up with its first frame. */

import { Backoff } from "./backoff";
import type { Engine, EngineFailure } from "./engine";
import { Layer, type LayerEvents } from "./layer";
import type { StreamName } from "./media_socket";
import type { VideoDescription } from "./mp4";
import { MseLive } from "./mse_live";
import type { Note } from "./notes";
import { passes, type Session, type SessionHost } from "./session";
import type { PlayerState } from "./state";
import { text } from "../text/en";
import { codecName } from "../text/format";
import { WebCodecsLive } from "./webcodecs_live";

const STALLED_MS = 5_000;
const WATCH_MS = 1_000;
/** Pictures that were under way when the camera's state changed say nothing against it. */
const UNDER_WAY_MS = 1_000;
const AWAITED_MS = 15_000;
const MAX_FAILURES = 4;

export interface LiveOptions {
  camera: string;
  main: boolean;
  sound: boolean;
  volume: number;
}

/**
 * Invariants: `layers` holds the layers that are not disowned, at most one a stream; a stream in `refused` is not
 * opened again before the next start.
 */
export class LiveSession implements Session {
  private readonly layers = new Map<StreamName, Layer<Engine>>();
  private readonly refused = new Map<StreamName, PlayerState>();
  private readonly backoff = new Backoff(1_000, 15_000);
  private readonly watch = setInterval(() => this.watchPictures(), WATCH_MS);
  private front: StreamName | null = null;
  private note: string | undefined;
  private down: { title: string; sinceMs: number } | null = null;
  private lastMs = 0;
  private lastUs: number | null = null;
  private failures = 0;
  private paused = false;
  private visible = true;
  private soundless = false;
  private retry: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: SessionHost,
    private readonly options: LiveOptions,
    visible: boolean,
  ) {
    this.visible = visible;
    if (visible) this.start();
  }

  pause(): void {
    this.paused = true;
    this.stop(true);
    this.host.emit({ kind: "paused" });
  }

  resume(): void {
    if (!this.paused) return;
    this.paused = false;
    if (this.visible) this.start();
  }

  step(): void {
    this.pause();
  }

  setRate(): void {
    // live has one speed
  }

  setSound(on: boolean, volume: number): void {
    const changed = on !== this.options.sound;
    Object.assign(this.options, { sound: on, volume });
    for (const layer of this.layers.values()) layer.engine?.setVolume(volume);
    if (!changed || this.paused || !this.visible) return;
    this.soundless = false;
    this.stop(false);
    this.start();
  }

  setVisible(visible: boolean): void {
    if (visible === this.visible) return;
    this.visible = visible;
    if (!visible) this.stop(true);
    else if (!this.paused) this.start();
  }

  positionUs(): number | null {
    return this.lastUs;
  }

  retire(running: boolean): void {
    this.stop(!running);
    clearInterval(this.watch);
  }

  private start(): void {
    this.lastMs = performance.now();
    this.refused.clear();
    this.note = undefined;
    this.down = null;
    this.host.emit({ kind: "loading" });
    this.open("sub");
    if (this.options.main) this.open("main");
  }

  /** End the streams; the picture on the stage stays, and `frozen` or running until a new one is there. */
  private stop(frozen: boolean): void {
    clearTimeout(this.retry);
    this.host.stage.removeHidden();
    for (const layer of this.layers.values()) {
      if (frozen || !layer.painted) layer.freeze();
      else layer.disown();
    }
    this.layers.clear();
    this.front = null;
  }

  private restart(): void {
    this.stop(true);
    this.start();
  }

  private open(stream: StreamName): void {
    const { camera, main, sound, volume } = this.options;
    const last = !main || stream === "main" || this.refused.has("main");
    const audio = sound && last && !this.soundless;
    const layer: Layer<Engine> = new Layer<Engine>({
      socket: this.host.socket,
      capability: this.host.capability,
      request: { mode: "live", camera, stream, audio },
      prefer: audio ? "mse" : "webcodecs",
      volume,
      make: (kind, context) => (kind === "mse" ? new MseLive(context) : new WebCodecsLive(context)),
      events: this.events(() => layer),
    });
    this.layers.set(stream, layer);
  }

  private events(layer: () => Layer<Engine>): LayerEvents {
    return {
      // The main stream may be ready first, yet the sub stream's first picture must not end it.
      ready: () => this.host.stage.add(layer(), layer().stream === "sub" ? this.layers.get("main") : undefined),
      painted: (utcUs) => this.painted(layer(), utcUs),
      note: (note) => this.noted(layer(), note),
      unplayable: (track) => this.unplayable(layer(), track),
      failed: (failure) => this.failed(layer(), failure),
      silent: (why) => this.silent(why),
      hole: () => undefined,
      lost: () => this.host.emit({ kind: "waiting", title: text.picture.connectionLost }),
      reopened: () => this.restart(),
    };
  }

  private painted(layer: Layer<Engine>, utcUs: number): void {
    if (!layer.painted) this.first(layer);
    if (layer.stream !== this.front) return;
    const nowMs = performance.now();
    clearTimeout(this.retry);
    this.lastMs = nowMs;
    this.lastUs = utcUs;
    if (this.down && nowMs - this.down.sinceMs > UNDER_WAY_MS) this.down = null;
    if (!this.down) this.emitPlaying(layer);
    this.host.painted(utcUs, layer.stream, layer.boxesAt(utcUs));
  }

  private first(layer: Layer<Engine>): void {
    layer.painted = true;
    this.failures = 0;
    this.backoff.reset();
    if (this.front === "main") return;
    this.host.stage.raise(layer);
    this.front = layer.stream;
    const sub = this.layers.get("sub");
    if (layer.stream !== "main" || !sub) return;
    this.layers.delete("sub");
    this.host.stage.remove(sub);
    sub.close(); // also where it never came to the stage
  }

  private emitPlaying(layer: Layer<Engine>): void {
    if (!layer.engine) return;
    const { kind: engine } = layer.engine;
    this.host.emit({ kind: "playing", stream: layer.stream, engine, note: this.note });
  }

  private noted(layer: Layer<Engine>, note: Note): void {
    switch (note.type) {
      case "state":
        this.cameraState(note.online, note.title);
        return;
      case "problem":
        if (passes(note)) this.await(note.title);
        else this.refuse(layer, { kind: "failed", title: note.title, remedy: note.remedy });
        return;
      case "end":
        this.again({ kind: "waiting", title: text.picture.noPicture });
        return;
      case "opened":
      case "gap":
      case "skipped": // the next message starts with a key frame, which is all that an engine needs
    }
  }

  private cameraState(online: boolean, title: string): void {
    const wasDown = this.down !== null;
    this.down = online ? null : { title: title || text.picture.cameraWaiting, sinceMs: performance.now() };
    if (this.down) this.host.emit({ kind: "waiting", title: this.down.title });
    else if (wasDown) this.host.emit({ kind: "loading" });
  }

  private unplayable(layer: Layer<Engine>, track: VideoDescription): void {
    const codec = codecName(track.codec);
    if (layer.stream === "main") this.note = text.picture.lowResolution(codec);
    this.refuse(layer, {
      kind: "failed",
      title: text.picture.unplayable(codec),
      remedy: text.picture.unplayableRemedy,
    });
  }

  /** This stream is not to be had: go on with the other one, or say why there is none. */
  private refuse(layer: Layer<Engine>, state: PlayerState): void {
    this.drop(layer);
    this.refused.set(layer.stream, state);
    const other = layer.stream === "main" ? "sub" : "main";
    if (this.refused.has(other)) this.host.emit(this.refused.get("main") ?? state);
    else if (!this.layers.has(other)) this.open(other);
    else if (other === "sub" && this.options.sound && !this.soundless) this.reopen("sub");
  }

  private failed(layer: Layer<Engine>, failure: EngineFailure): void {
    this.failures++;
    if (this.failures > MAX_FAILURES) {
      this.refuse(layer, { kind: "failed", title: text.picture.broken, remedy: text.picture.brokenRemedy });
    } else if (failure.early) this.reopen(layer.stream);
    else this.again({ kind: "loading" });
  }

  private silent(why: "unplayable" | "blocked"): void {
    this.note = why === "blocked" ? text.picture.soundBlocked : text.picture.soundUnplayable;
    if (why === "blocked") return;
    this.soundless = true;
    this.reopen(this.options.main && !this.refused.has("main") ? "main" : "sub");
  }

  private reopen(stream: StreamName): void {
    const layer = this.layers.get(stream);
    this.layers.delete(stream);
    if (this.front === stream) {
      layer?.freeze();
      this.front = null;
    } else if (layer) this.drop(layer);
    this.open(stream);
  }

  private drop(layer: Layer<Engine>): void {
    if (this.layers.get(layer.stream) === layer) this.layers.delete(layer.stream);
    this.host.stage.remove(layer);
    layer.close();
    if (this.front === layer.stream) this.front = null;
  }

  /** The hub tries again by itself and then opens the stream anew; should it not, we do. */
  private await(title: string): void {
    this.host.emit({ kind: "waiting", title });
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.restart(), AWAITED_MS);
  }

  /** Start once more after a while. */
  private again(state: PlayerState): void {
    this.stop(true);
    this.host.emit(state);
    this.retry = setTimeout(() => this.start(), this.backoff.next());
  }

  private watchPictures(): void {
    if (this.down || this.layers.size === 0 || this.host.socket.state !== "open") return;
    if (performance.now() - this.lastMs > STALLED_MS)
      this.host.emit({ kind: "waiting", title: text.picture.noPicture });
  }
}
