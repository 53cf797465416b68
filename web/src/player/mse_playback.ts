/** Playback through Media Source: for sound, and where there is no WebCodecs. */

import type { PlaybackContext, PlaybackEngine } from "./engine";
import { lastAtMost } from "./group_store";
import { VIDEO_TRACK, type MediaMessage } from "./media_message";
import { readFragments, readInit } from "./mp4";
import { MseElement, STALLS_BEFORE_S } from "./mse_element";
import type { PlayHead } from "./playback_clock";
import { pictureOf } from "./webcodecs_live";
import { HOLE_US } from "./webcodecs_playback";

const WATCH_MS = 200;
/** A seek lands this far behind a range's start: on its edge browsers may wait for the media before it. */
const INSIDE_S = 0.01;
const KEEP_TIMES_US = 30e6;
const FASTEST_ELEMENT = 16;
const FAR_OFF_S = 1;
const SEEK_AGAIN_MS = 2_000;
const MOST_NUDGE = 0.25;

/** Invariant: the element's play head is moved only into buffered media; a seek on an empty buffer is lost. */
export class MsePlayback implements PlaybackEngine {
  readonly kind = "mse";
  private readonly media: MseElement;
  private readonly fromUs: number;
  private readonly times: number[] = [];
  private timescale = 0;
  private started = false;
  private wanted = true;
  private soughtMs = -Infinity;

  constructor(private readonly context: PlaybackContext) {
    this.fromUs = context.fromUs;
    this.media = new MseElement(context, () => this.watch());
    this.media.every(WATCH_MS, () => this.watch());
    this.media.element.addEventListener("waiting", () => this.watch());
  }

  get element(): HTMLVideoElement {
    return this.media.element;
  }

  push(message: MediaMessage): void {
    this.media.push(message);
    if (message.track !== VIDEO_TRACK) return;
    if (message.kind === "init") this.timescale = readInit(message.payload).timescale;
    else this.remember(message);
  }

  play(): void {
    this.wanted = true;
    if (this.started) this.media.play();
  }

  pause(): void {
    this.wanted = false;
    this.element.pause();
  }

  setRate(rate: number): void {
    // Faster no browser plays; it is only asked to where there is no WebCodecs.
    const playable = Math.min(FASTEST_ELEMENT, rate);
    this.element.defaultPlaybackRate = this.element.playbackRate = playable;
  }

  setVolume(volume: number): void {
    this.media.setVolume(volume);
  }

  seek(utcUs: number): boolean {
    const seconds = this.media.seconds(utcUs);
    if (!this.media.ranges().some(([start, end]) => start <= seconds && seconds < end)) return false;
    this.seekS(seconds);
    return true;
  }

  step(count: number): boolean {
    const target = this.times[lastAtMost(this.times, this.positionUs(), (time) => time) + count];
    // A little behind the picture's time, which may not be a whole number of the element's ticks.
    return target !== undefined && this.seek(target + 2_000);
  }

  jump(utcUs: number): void {
    const seconds = this.media.seconds(utcUs);
    const range = this.media.ranges().find(([, end]) => seconds < end);
    if (!range) return;
    this.started = true;
    this.seekS(Math.max(seconds, range[0] + INSIDE_S));
    if (this.wanted) this.media.play();
  }

  positionUs(): number {
    return this.media.paintedUs ?? this.fromUs;
  }

  hungry(): boolean {
    return this.media.hungry();
  }

  freeze(): void {
    this.media.freeze();
  }

  close(): void {
    this.media.close();
  }

  private seekS(seconds: number): void {
    const pictureUs = this.times[lastAtMost(this.times, this.media.utcUs(seconds), (time) => time)];
    this.media.seekS(seconds, pictureUs === undefined ? undefined : this.media.seconds(pictureUs));
  }

  private remember(message: MediaMessage): void {
    for (const sample of readFragments(message.payload)) {
      const { utcUs } = pictureOf(sample, this.context.originUs, this.timescale);
      this.times.splice(lastAtMost(this.times, utcUs, (time) => time) + 1, 0, utcUs);
    }
    this.times.splice(
      0,
      lastAtMost(this.times, this.positionUs() - KEEP_TIMES_US, (time) => time),
    );
  }

  private watch(): void {
    if (this.started && this.context.head) this.follow(this.context.head);
    if (!this.started) this.begin();
    else if (this.element.readyState < HTMLMediaElement.HAVE_FUTURE_DATA && !this.element.seeking) this.lookAhead();
  }

  /** In step with others: an element has a clock of its own, which is hurried or slowed, and only far off set anew. */
  private follow(head: PlayHead): void {
    if (head.running && this.element.paused) this.media.play();
    else if (!head.running && !this.element.paused) this.element.pause();
    const offS = (head.positionUs() - this.media.utcUs(this.element.currentTime)) / 1e6;
    const nudge = Math.max(-MOST_NUDGE, Math.min(MOST_NUDGE, offS));
    this.element.playbackRate = Math.min(FASTEST_ELEMENT, head.rate * (1 + nudge));
    if (Math.abs(offS) < FAR_OFF_S || this.element.seeking || performance.now() - this.soughtMs < SEEK_AGAIN_MS) return;
    this.soughtMs = performance.now();
    this.seek(head.positionUs());
  }

  private begin(): void {
    const from = this.media.seconds(this.fromUs);
    const range = this.media.ranges().find(([, end]) => from < end);
    if (!range) {
      if (this.media.ranges().length > 0) this.context.events.hole(this.fromUs, null);
      return;
    }
    const missingUs = (range[0] - from) * 1e6;
    if (missingUs < HOLE_US) this.jump(Math.max(this.fromUs, this.media.utcUs(range[0])));
    else this.context.events.hole(this.fromUs, this.media.utcUs(range[0]));
  }

  /** The play head has no media before it: a hole in the sound, a hole in all, or nothing here yet. */
  private lookAhead(): void {
    if (this.media.fillSilence()) return;
    const now = this.element.currentTime;
    const ranges = this.media.ranges();
    const next = ranges.find(([start]) => start > now + INSIDE_S)?.[0];
    const end = ranges.findLast(([start]) => start <= now + INSIDE_S)?.[1] ?? now;
    if (now < end - STALLS_BEFORE_S) return; // a slow start or seek, no hole
    if (next === undefined) this.context.events.hole(this.media.utcUs(end), null);
    else if ((next - end) * 1e6 < HOLE_US) this.seekS(next + INSIDE_S);
    else this.context.events.hole(this.media.utcUs(end), this.media.utcUs(next));
  }
}
