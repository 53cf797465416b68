/** One camera in one container, live or recorded. */

import { Capability } from "./capability";
import { LiveSession } from "./live_session";
import { playableRate } from "./manner";
import type { MediaSocket, StreamName } from "./media_socket";
import type { PlayHead } from "./playback_clock";
import { PlaybackSession } from "./playback_session";
import type { Preview } from "./previews";
import type { SeenBox } from "./seen";
import type { Session, SessionHost } from "./session";
import { Stage, type View } from "./stage";
import type { PlayerState } from "./state";

function storage(): Storage | null {
  try {
    return globalThis.localStorage;
  } catch {
    return null; // the browser keeps nothing for this site
  }
}

export interface PlayerOptions {
  /** Filled by the player; its picture is letterboxed in `--player-letterbox`. */
  container: HTMLElement;
  socket: MediaSocket;
  onState(state: PlayerState): void;
  /** The time of each picture that is painted. */
  onTime?(utcUs: number): void;
}

export interface PlaybackWish {
  stream: StreamName;
  sound: boolean;
  hasSub?: boolean;
  /** In step with other cameras, on their clock. */
  head?: PlayHead;
}

/**
 * Chooses the engine for each use, puts the streams' pictures over each other, and says how it goes.
 *
 * Each painted picture is told to the page as the event `tawny:frame` on the container, with `{utcUs, stream}`; before it,
 * where they are others than those of the picture before, the boxes that the camera saw, as `tawny:boxes` with `{utcUs, boxes}`.
 * Invariants: one session at a time; another camera's picture is never left on show; after `close` nothing is told.
 */
export class Player {
  /** What the browser plays is the same for all players of a page. */
  private static capability: Capability | undefined;

  private readonly stage: Stage;
  private readonly host: SessionHost;
  private session: Session | null = null;
  private camera: string | null = null;
  private state = "";
  private visible = true;
  private volume = 1;
  private rate = 1;
  private closed = false;
  private boxes: readonly SeenBox[] = [];
  /** Where the play head is being dragged to, and how near to it the small picture on show was taken. */
  private scrubbing: { utcUs: number; nearUs: number } | null = null;

  constructor(private readonly options: PlayerOptions) {
    this.stage = new Stage(options.container);
    Player.capability ??= new Capability(storage(), () => Date.now());
    this.host = {
      socket: options.socket,
      capability: Player.capability,
      stage: this.stage,
      emit: (state) => this.emit(state),
      painted: (utcUs, stream, boxes) => this.painted(utcUs, stream, boxes),
    };
    this.emit({ kind: "idle" });
  }

  live(camera: string, o: { main: boolean; sound: boolean }): void {
    const running = this.session instanceof LiveSession && camera === this.camera;
    this.leave(camera, running);
    this.session = new LiveSession(this.host, { camera, ...o, volume: this.volume }, this.visible);
  }

  /** Play from a moment on. A moment of the recording that is playing is a seek, which leaves a pause as it is. */
  playback(camera: string, fromUtcUs: number, o: PlaybackWish): void {
    const wish = { camera, stream: o.stream, sound: o.sound, head: o.head ?? null };
    if (this.session instanceof PlaybackSession && this.session.matches(wish)) {
      this.session.seek(fromUtcUs);
      return;
    }
    this.leave(camera, false);
    const options = { ...wish, hasSub: o.hasSub ?? false, volume: this.volume, rate: this.rate };
    this.session = new PlaybackSession(this.host, options, fromUtcUs, this.visible);
  }

  pause(): void {
    this.session?.pause();
  }

  resume(): void {
    this.session?.resume();
  }

  /** Stop and go pictures forwards, or back where `frames` is negative. Live only stops. */
  step(frames: number): void {
    this.session?.step(Math.trunc(frames));
  }

  /** Stop to look at single pictures; tells the time of the one `count` after (before) that on show, where it is here. */
  look(count: number): number | null {
    return this.session?.look?.(Math.trunc(count)) ?? null;
  }

  setRate(rate: number): void {
    this.rate = playableRate(rate);
    this.session?.setRate(this.rate);
  }

  setSound(on: boolean, volume: number): void {
    this.volume = Math.min(1, Math.max(0, volume));
    this.session?.setSound(on, this.volume);
  }

  /** Out of sight nothing is streamed; the last picture stays. */
  setVisible(visible: boolean): void {
    this.visible = visible;
    this.session?.setVisible(visible);
  }

  /** While the play head is dragged: the moment's small picture at once, until the recording itself is shown. */
  scrub(preview: Preview | null, utcUs: number, held: boolean): void {
    this.scrubbing = held ? { utcUs, nearUs: Math.abs((preview?.utcUs ?? -Infinity) - utcUs) } : null;
    if (!preview) return;
    this.stage.cover(preview.image, preview.image.width, preview.image.height);
    const detail = { utcUs: preview.utcUs };
    this.options.container.dispatchEvent(new CustomEvent("tawny:preview", { detail }));
  }

  setView(view: View): void {
    this.stage.setView(view);
  }

  /** The picture on show, in its own resolution. */
  snapshot(): Promise<Blob> {
    return this.stage.snapshot();
  }

  currentUtcUs(): number | null {
    return this.session?.positionUs() ?? null;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.session?.retire(false);
    this.session = null;
    this.stage.close();
  }

  private leave(next: string, running: boolean): void {
    this.session?.retire(running);
    this.session = null;
    if (next !== this.camera) {
      this.stage.clear();
      this.tellBoxes(this.currentUtcUs() ?? 0, []);
    }
    this.camera = next;
  }

  private emit(state: PlayerState): void {
    const told = JSON.stringify(state);
    if (this.closed || told === this.state) return;
    this.state = told;
    // What is said about a picture that is not there is not said over the picture of another moment.
    if (!this.scrubbing && state.kind !== "loading" && state.kind !== "paused") this.stage.uncover();
    this.options.onState(state);
  }

  private painted(utcUs: number, stream: StreamName, boxes: readonly SeenBox[]): void {
    if (this.closed) return;
    this.tellBoxes(utcUs, boxes);
    if (!this.scrubbing || Math.abs(utcUs - this.scrubbing.utcUs) <= this.scrubbing.nearUs) this.stage.uncover();
    this.options.container.dispatchEvent(new CustomEvent("tawny:frame", { detail: { utcUs, stream } }));
    this.options.onTime?.(utcUs);
  }

  private tellBoxes(utcUs: number, boxes: readonly SeenBox[]): void {
    if (boxes === this.boxes || boxes.length + this.boxes.length === 0) return;
    this.boxes = boxes;
    this.options.container.dispatchEvent(new CustomEvent("tawny:boxes", { detail: { utcUs, boxes } }));
  }
}
