/**
 * A `<video>` fed through Media Source: one buffer for each track, each with its own init segment, so that a hole in
 * one track is seen and does not hide the other's media.
 */

import { AudioTrack, audioType } from "./audio_track";
import { mediaSourceType, mseType } from "./capability";
import { early, type EngineContext } from "./engine";
import { AUDIO_TRACK, VIDEO_TRACK, type MediaMessage } from "./media_message";
import { readInit } from "./mp4";
import { TrackBuffer, type BufferHost } from "./source_buffer";

const KEEP_BEHIND_S = 20;
const PRUNE_MS = 10_000;
const AUDIO_AWAITED_MS = 2_000;
/** Browsers stop up to this far before the end of what they have. */
export const STALLS_BEFORE_S = 0.2;
/** The picture sought may have been taken a slow camera's interval before the moment sought. */
const NEAR_BEFORE_S = 1.1;
/** Browsers count in other ticks than we do. */
const NEAR_S = 0.015;
const MAX_STRANGERS = 3;

type AnyMediaSource = MediaSource & { streaming?: boolean };

/** Invariant: nothing is appended before both buffers exist, since no buffer can be added later. */
export class MseElement {
  readonly element = document.createElement("video");
  readonly video: TrackBuffer;
  readonly audio: TrackBuffer | null;
  /** The time of the picture on the screen; after a seek that of the picture awaited. */
  paintedUs: number | null = null;

  private readonly source: AnyMediaSource;
  private readonly url: string;
  private readonly sound = new AudioTrack();
  private readonly audioType: string | null;
  private codecString = "";
  private sought: { fromS: number; toS: number } | null = null;
  private strangers = 0;
  private duringSeekS: number | null = null;
  private startedMs = performance.now();
  private frameRequest = 0;
  private readonly timers: ReturnType<typeof setInterval>[] = [];
  private closed = false;

  constructor(
    private readonly context: EngineContext,
    private readonly onBuffered: () => void,
  ) {
    const Source = mediaSourceType();
    if (!Source) throw new Error("this browser has no Media Source");
    const host: BufferHost = {
      forgettableS: () => this.element.currentTime - 2,
      failed: (message) => this.fail(message),
      appended: () => this.onBuffered(),
    };
    const note = context.sound ? context.tracks.get(AUDIO_TRACK) : undefined;
    this.audioType = note ? audioType(note) : null;
    if (note && !this.audioType) queueMicrotask(() => this.closed || context.events.silent("unplayable"));
    this.video = new TrackBuffer(host);
    this.audio = this.audioType === null ? null : new TrackBuffer(host);
    this.source = new Source();
    this.source.addEventListener("sourceopen", this.attach, { once: true });
    this.url = URL.createObjectURL(this.source);
    this.prepare();
  }

  push(message: MediaMessage): void {
    if (message.track === VIDEO_TRACK) this.pushVideo(message);
    else if (message.track === AUDIO_TRACK && this.audio) this.pushAudio(message, this.audio);
  }

  setVolume(volume: number): void {
    this.element.volume = volume;
  }

  play(): void {
    this.element.play().catch((error: unknown) => {
      if (this.closed || !(error instanceof DOMException) || error.name !== "NotAllowedError") return;
      // Sound needs a gesture first: the picture does not wait for it.
      if (!this.element.muted) this.context.events.silent("blocked");
      this.element.muted = true;
      this.element.play().catch(() => undefined);
    });
  }

  /** Go to `seconds`; the picture awaited was not taken before `pictureS`, where that is known. */
  seekS(seconds: number, pictureS = seconds - NEAR_BEFORE_S): void {
    this.sought = { fromS: pictureS - NEAR_S, toS: seconds + NEAR_S };
    this.strangers = 0;
    this.paintedUs = this.utcUs(seconds);
    this.element.currentTime = seconds;
  }

  utcUs(seconds: number): number {
    return this.context.originUs + Math.round(seconds * 1e6);
  }

  seconds(utcUs: number): number {
    return (utcUs - this.context.originUs) / 1e6;
  }

  /** Where both tracks are buffered, in seconds. */
  ranges(): [number, number][] {
    const { buffered } = this.element;
    return Array.from({ length: buffered.length }, (_, index) => [buffered.start(index), buffered.end(index)]);
  }

  /** Where the picture stands only because sound is missing, put silence, which late sound replaces; true where so. */
  fillSilence(): boolean {
    if (!this.audio) return false;
    const now = this.element.currentTime;
    const soon = now + STALLS_BEFORE_S;
    const covers = ([start, end]: [number, number]): boolean => start <= soon && soon < end;
    const picture = this.video.ranges().find(covers);
    if (!picture || this.audio.ranges().some(covers)) return false;
    const heard = this.audio.ranges();
    const from = Math.max(now, ...heard.filter(([start]) => start <= now).map(([, end]) => end));
    // All of it: a browser whose sound ran dry wants more than half a second before it goes on.
    const to = Math.min(picture[1], ...heard.map(([start]) => start).filter((start) => start > now));
    const silence = this.sound.silence(from, to);
    if (silence) this.audio.append(silence);
    return silence !== null;
  }

  /** iPhones say when they want no more; the others take media until their quota is full. */
  hungry(): boolean {
    return this.source.streaming !== false;
  }

  freeze(): void {
    for (const timer of this.timers.splice(0)) clearInterval(timer);
    this.element.pause();
  }

  close(): void {
    if (this.closed) return;
    this.freeze();
    this.closed = true;
    if ("cancelVideoFrameCallback" in this.element) this.element.cancelVideoFrameCallback(this.frameRequest);
    this.element.removeEventListener("error", this.elementFailed);
    this.element.removeEventListener("seeked", this.seeked);
    this.video.close();
    this.audio?.close();
    this.element.removeAttribute("src");
    this.element.load(); // lets the decoder go at once instead of at the next garbage collection
    URL.revokeObjectURL(this.url);
  }

  /** Calls `work` regularly until the element is frozen or closed. */
  every(ms: number, work: () => void): void {
    this.timers.push(setInterval(work, ms));
  }

  private prepare(): void {
    const { element } = this;
    element.muted = !this.audio;
    element.volume = this.context.volume;
    element.playsInline = true;
    element.disableRemotePlayback = true; // ManagedMediaSource opens only then
    element.addEventListener("error", this.elementFailed);
    element.addEventListener("seeked", this.seeked);
    element.src = this.url;
    this.every(PRUNE_MS, () => this.prune());
    if ("requestVideoFrameCallback" in element) this.frameRequest = element.requestVideoFrameCallback(this.onFrame);
    else (element as HTMLVideoElement).addEventListener("timeupdate", () => this.painted(this.element.currentTime));
  }

  private readonly onFrame = (_now: number, frame: VideoFrameCallbackMetadata): void => {
    this.frameRequest = this.element.requestVideoFrameCallback(this.onFrame);
    // During a seek pictures may still be those of before; which one it was that counts is known when it is over.
    if (this.element.seeking) this.duringSeekS = frame.mediaTime;
    else this.painted(frame.mediaTime);
  };

  private readonly seeked = (): void => {
    const seconds = this.duringSeekS;
    this.duringSeekS = null;
    if (seconds !== null) this.painted(seconds);
  };

  /** Pictures from before the first seek, and the last one from before a later seek, are not what was asked for. */
  private awaited(seconds: number): boolean {
    if (this.paintedUs === null) return false;
    if (this.sought === null) return true;
    const near = this.sought.fromS <= seconds && seconds <= this.sought.toS;
    if (!near && ++this.strangers < MAX_STRANGERS) return false;
    this.sought = null;
    return true;
  }

  private painted(seconds: number): void {
    if (!this.awaited(seconds)) return;
    this.paintedUs = this.utcUs(seconds);
    this.context.events.painted(this.paintedUs);
  }

  /** Once the source is open and the video's codec known. */
  private readonly attach = (): void => {
    if (this.closed || this.source.readyState !== "open" || !this.codecString) return;
    try {
      this.video.attach(this.source.addSourceBuffer(mseType("video", this.codecString)));
      if (this.audio && this.audioType !== null) this.audio.attach(this.source.addSourceBuffer(this.audioType));
    } catch (error) {
      this.fail(String(error));
    }
  };

  private pushVideo(message: MediaMessage): void {
    if (message.kind === "init") this.beginFormat(message);
    this.video.append(message.payload);
  }

  private beginFormat(message: MediaMessage): void {
    const track = readInit(message.payload);
    if (track.kind !== "video") throw new RangeError("track 1 is not video");
    const before = this.codecString;
    this.codecString = track.codecString;
    if (before === track.codecString) return;
    this.startedMs = performance.now();
    if (before) this.video.changeType(mseType("video", track.codecString));
    else this.firstFormat();
  }

  private firstFormat(): void {
    this.attach();
    if (!this.audio) return;
    const timer = setTimeout(
      () => this.closed || this.sound.known || this.context.events.silent("unplayable"),
      AUDIO_AWAITED_MS,
    );
    this.timers.push(timer);
  }

  private pushAudio(message: MediaMessage, audio: TrackBuffer): void {
    if (message.kind === "init") audio.append(this.sound.init(message.payload));
    else if (this.sound.known) audio.append(this.sound.media(message.payload));
  }

  private prune(): void {
    const before = this.element.currentTime - KEEP_BEHIND_S;
    this.video.prune(before);
    this.audio?.prune(before);
  }

  private readonly elementFailed = (): void => {
    const error = this.element.error;
    this.fail(error ? `${error.code} ${error.message}` : "the element failed");
  };

  private fail(message: string): void {
    if (this.closed) return;
    this.context.events.failed({ codecString: this.codecString, early: early(this.startedMs), message });
  }
}
