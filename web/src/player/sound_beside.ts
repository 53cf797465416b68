/** Sound beside a picture that no `<video>` plays (MJPEG): an `<audio>` of its own, which keeps up with the picture. */

import { AudioTrack, audioType } from "./audio_track";
import { mediaSourceType } from "./capability";
import type { EngineContext } from "./engine";
import { LiveChase } from "./live_chase";
import { AUDIO_TRACK, type MediaMessage } from "./media_message";
import type { PlayHead } from "./playback_clock";
import { TrackBuffer } from "./source_buffer";

const KEEP_BEHIND_S = 20;
const PRUNE_MS = 10_000;
/** Farther off than this the play head is set anew, nearer it is hurried or slowed. */
const FAR_OFF_S = 0.3;
const SEEK_AGAIN_MS = 1_000;
const MOST_NUDGE = 0.1;
const FASTEST = 16;

/** The sound that `context` asks for, null where there is none or this browser plays none such. */
export function soundBeside(context: EngineContext): SoundBeside | null {
  const note = context.sound ? context.tracks.get(AUDIO_TRACK) : undefined;
  if (!note) return null;
  const type = audioType(note);
  if (type !== null) return new SoundBeside(context, type);
  queueMicrotask(() => context.events.silent("unplayable"));
  return null;
}

/** Invariant: the element's play head is moved only into buffered media. */
export class SoundBeside {
  private readonly element = document.createElement("audio");
  private readonly source: MediaSource;
  private readonly url: string;
  private readonly track = new AudioTrack();
  private readonly buffer: TrackBuffer;
  private readonly chase = new LiveChase();
  private readonly pruning = setInterval(() => this.buffer.prune(this.element.currentTime - KEEP_BEHIND_S), PRUNE_MS);
  private soughtMs = -Infinity;
  private closed = false;

  constructor(
    private readonly context: EngineContext,
    private readonly type: string,
  ) {
    const Source = mediaSourceType();
    if (!Source) throw new Error("this browser has no Media Source");
    this.buffer = new TrackBuffer({
      forgettableS: () => this.element.currentTime - 2,
      failed: () => this.failed(),
      appended: () => undefined,
    });
    this.source = new Source();
    this.source.addEventListener("sourceopen", this.attach, { once: true });
    this.url = URL.createObjectURL(this.source);
    this.element.volume = context.volume;
    this.element.disableRemotePlayback = true; // ManagedMediaSource opens only then
    this.element.addEventListener("waiting", () => this.chase.stalled(performance.now()));
    this.element.src = this.url;
  }

  push(message: MediaMessage): void {
    if (this.closed) return;
    if (message.kind === "init") this.buffer.append(this.track.init(message.payload));
    else if (this.track.known) this.buffer.append(this.track.media(message.payload));
  }

  /** Live: stay near the newest sound. */
  follow(): void {
    const step = this.chase.step(this.buffer.ranges(), this.element.currentTime);
    if (step?.do === "seek") this.seek(step.toS);
    else if (step?.do === "rate" && this.element.playbackRate !== step.rate) this.element.playbackRate = step.rate;
  }

  /** Playback: be where the picture is. */
  keepTo(head: PlayHead): void {
    if (!head.running) {
      this.element.pause();
      return;
    }
    const wantedS = (head.positionUs() - this.context.originUs) / 1e6;
    const offS = wantedS - this.element.currentTime;
    if (Math.abs(offS) > FAR_OFF_S || this.element.paused) this.seekWhereHeard(wantedS);
    else this.element.playbackRate = Math.min(FASTEST, head.rate * (1 + clamped(offS, MOST_NUDGE)));
  }

  setVolume(volume: number): void {
    this.element.volume = volume;
  }

  freeze(): void {
    this.element.pause();
    clearInterval(this.pruning);
  }

  close(): void {
    if (this.closed) return;
    this.freeze();
    this.closed = true;
    this.buffer.close();
    this.element.removeAttribute("src");
    this.element.load();
    URL.revokeObjectURL(this.url);
  }

  private seekWhereHeard(seconds: number): void {
    const nowMs = performance.now();
    if (nowMs - this.soughtMs < SEEK_AGAIN_MS) return;
    if (!this.buffer.ranges().some(([start, end]) => start <= seconds && seconds < end)) return;
    this.soughtMs = nowMs;
    this.seek(seconds);
  }

  private seek(seconds: number): void {
    this.element.currentTime = seconds;
    this.element.play().catch((error: unknown) => {
      if (this.closed || !(error instanceof DOMException) || error.name !== "NotAllowedError") return;
      this.context.events.silent("blocked");
    });
  }

  private readonly attach = (): void => {
    if (this.closed || this.source.readyState !== "open") return;
    try {
      this.buffer.attach(this.source.addSourceBuffer(this.type));
    } catch {
      this.failed();
    }
  };

  /** The picture goes on without it. */
  private failed(): void {
    if (this.closed) return;
    this.close();
    this.context.events.silent("unplayable");
  }
}

function clamped(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value));
}
