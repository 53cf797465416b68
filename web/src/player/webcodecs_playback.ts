/** Playback through WebCodecs: the picture whose time has come by the play head is drawn. */

import { CanvasScreen } from "./canvas_screen";
import type { PlaybackContext, PlaybackEngine } from "./engine";
import type { Frame } from "./frame";
import { GroupStore } from "./group_store";
import { AUDIO_TRACK, VIDEO_TRACK, type MediaMessage } from "./media_message";
import { readFragments, readInit, type VideoDescription } from "./mp4";
import { PictureDecoder } from "./picture_decoder";
import { PlaybackClock, type PlayHead } from "./playback_clock";
import { soundBeside, type SoundBeside } from "./sound_beside";
import { pictureOf } from "./webcodecs_live";

/** Pictures in the decoder or decoded and waiting: hardware decoders own few frames and stop when all are held. */
const MAX_AHEAD = 8;
export const HOLE_US = 500_000;
const KEEP_BEHIND_US = 20e6;
/** Pictures that a decoder swallowed without a word are not waited for longer than this. */
const SWALLOWED_MS = 200;
const LAG_US = 250_000;
const MAX_BYTES = 64 << 20;

interface Cursor {
  group: number;
  index: number;
}

/**
 * Holds the coded groups around the play head and decodes a few pictures ahead of it.
 *
 * Invariants: `frames` are in the order of time and each is later than the picture shown; the clock moves only while
 * a picture has been shown since the last seek and footage goes on behind it.
 */
export class WebCodecsPlayback implements PlaybackEngine {
  readonly kind = "webcodecs";
  private readonly screen = new CanvasScreen();
  private readonly decoder: PictureDecoder;
  private readonly clock: PlayHead;
  private readonly store = new GroupStore();
  private readonly frames: Frame[] = [];
  private track: VideoDescription | null = null;
  private decoding: VideoDescription | null = null;
  private cursor: Cursor | null = null;
  private submitted: number[] = [];
  private activeMs = 0;
  private drawFromUs = -Infinity;
  private shown: { utcUs: number; endUs: number } | null = null;
  private held: { fromUs: number; toUs: number | null } | null = null;
  private wanted = true;
  private request = 0;
  /** Where sound is asked for and Media Source can't show the picture. */
  private readonly sound: SoundBeside | null;

  constructor(private readonly context: PlaybackContext) {
    this.clock = context.head ?? new PlaybackClock(() => performance.now());
    this.clock.set(context.fromUs);
    this.decoder = new PictureDecoder(
      (frame) => this.decoded(frame),
      (failure) => context.events.failed(failure),
    );
    this.sound = soundBeside(context);
    this.request = requestAnimationFrame(this.tick);
  }

  get element(): HTMLCanvasElement {
    return this.screen.element;
  }

  push(message: MediaMessage): void {
    if (message.track === AUDIO_TRACK) this.sound?.push(message);
    if (message.track !== VIDEO_TRACK) return;
    if (message.kind === "init") {
      const track = readInit(message.payload);
      if (track.kind !== "video") throw new RangeError("track 1 is not video");
      this.track = track;
      return;
    }
    for (const sample of readFragments(message.payload)) {
      if (this.track) this.store.push(this.track, pictureOf(sample, this.context.originUs, this.track.timescale));
    }
    this.store.prune(this.clock.positionUs() - KEEP_BEHIND_US);
  }

  play(): void {
    this.wanted = true;
    this.clock.run(this.shown !== null && !this.held);
  }

  pause(): void {
    this.wanted = false;
    this.clock.run(false);
  }

  setRate(rate: number): void {
    this.clock.setRate(rate);
  }

  setVolume(volume: number): void {
    this.sound?.setVolume(volume);
  }

  seek(utcUs: number): boolean {
    if (!this.store.covers(utcUs)) return false;
    this.jump(utcUs);
    return true;
  }

  neighbourUs(count: number): number | null {
    return this.store.neighbour(this.shown?.utcUs ?? this.clock.positionUs(), count);
  }

  step(count: number): boolean {
    const target = this.neighbourUs(count);
    if (target === null) return false;
    if (this.frames[0]?.timestamp === target) this.clock.set(target);
    else this.jump(target);
    return true;
  }

  jump(utcUs: number): void {
    const group = this.store.numberAt(utcUs);
    this.clock.run(false);
    this.clock.set(utcUs);
    this.shown = this.held = null;
    this.restart(group === null ? null : { group, index: 0 }, this.store.pictureAt(utcUs) ?? utcUs);
  }

  /** The time of the picture on the screen: exact while paused or stepping. */
  positionUs(): number {
    return this.shown && !this.clock.running ? this.shown.utcUs : this.clock.positionUs();
  }

  hungry(): boolean {
    return this.store.bytes < MAX_BYTES;
  }

  groupUs(): number | null {
    return this.store.groupUs();
  }

  freeze(): void {
    cancelAnimationFrame(this.request);
    this.clock.run(false);
    this.dropFrames();
    this.decoder.close();
    this.sound?.freeze();
  }

  close(): void {
    this.freeze();
    this.sound?.close();
    this.screen.close();
  }

  private readonly tick = (): void => {
    this.request = requestAnimationFrame(this.tick);
    if (!this.cursor) this.begin();
    this.drawDue();
    if (this.wanted && this.shown) this.follow(this.shown);
    this.feed();
    this.sound?.keepTo(this.clock);
  };

  /** Start with the group that holds the play head, or report the hole that it lies in. */
  private begin(): void {
    const position = this.clock.positionUs();
    const first = this.store.groups[0];
    if (!first) return;
    if (this.store.covers(position)) this.jump(position);
    else if (first.startUs > position && first.startUs - position < HOLE_US) this.jump(first.startUs);
    else this.hold(position, first.startUs > position ? first.startUs : null);
  }

  private drawDue(): void {
    const position = this.clock.positionUs();
    let due: Frame | undefined;
    while (this.frames[0] && this.frames[0].timestamp <= position) {
      due?.close();
      due = this.frames.shift();
    }
    if (!due) return;
    this.screen.draw(due);
    const utcUs = due.timestamp;
    const started = this.shown === null;
    this.shown = { utcUs, endUs: utcUs + (due.duration ?? 0) };
    due.close();
    if (started && this.wanted) this.clock.run(true);
    this.context.events.painted(utcUs);
  }

  /** Look at what comes behind the picture shown: footage, a hole, nothing yet, or more than can be decoded. */
  private follow(shown: { utcUs: number; endUs: number }): void {
    const position = this.clock.positionUs();
    if (position < shown.endUs) return;
    const next = this.store.neighbour(shown.utcUs, 1);
    if (next === null || next - shown.endUs >= HOLE_US) this.hold(shown.endUs, next);
    else if (this.held) this.release();
    else if (next < position - LAG_US * this.clock.rate) this.catchUp(next, position);
  }

  private hold(fromUs: number, toUs: number | null): void {
    if (this.held?.fromUs === fromUs && this.held.toUs === toUs) return;
    this.held = { fromUs, toUs };
    this.clock.run(false);
    this.clock.set(fromUs);
    this.context.events.hole(fromUs, toUs);
  }

  private release(): void {
    this.held = null;
    this.clock.run(this.wanted);
  }

  /** Decoding is too slow: leave groups out where the play head is beyond them, else play slower. */
  private catchUp(nextUs: number, positionUs: number): void {
    const group = this.store.numberAt(positionUs);
    if (group !== null && this.cursor && group > this.cursor.group) this.restart({ group, index: 0 }, -Infinity);
    else if (this.frames.length === 0) this.clock.set(nextUs);
  }

  private restart(cursor: Cursor | null, drawFromUs: number): void {
    this.dropFrames();
    this.submitted = [];
    this.decoder.reset();
    this.cursor = cursor;
    this.drawFromUs = drawFromUs;
  }

  private feed(): void {
    if (performance.now() - this.activeMs > SWALLOWED_MS && this.decoder.queueSize === 0) this.submitted = [];
    while (this.cursor && this.submitted.length + this.frames.length < MAX_AHEAD) {
      const group = this.store.group(this.cursor.group);
      if (!group) {
        // Pruned while paused for long, or not here yet.
        if (this.cursor.group < this.store.pruned) this.cursor = { group: this.store.pruned, index: 0 };
        return;
      }
      const picture = group.pictures[this.cursor.index];
      if (picture) {
        if (this.decoding !== group.track) this.decoder.configure((this.decoding = group.track));
        this.decoder.decode(picture);
        this.submitted.push(picture.utcUs);
        this.activeMs = performance.now();
        this.cursor.index++;
      } else if (this.store.group(this.cursor.group + 1)) {
        this.cursor = { group: this.cursor.group + 1, index: 0 };
      } else return;
    }
  }

  private decoded(frame: Frame): void {
    this.activeMs = performance.now();
    this.submitted = this.submitted.filter((utcUs) => utcUs > frame.timestamp);
    if (frame.timestamp < this.drawFromUs) frame.close();
    else this.frames.push(frame);
    this.feed();
  }

  private dropFrames(): void {
    for (const frame of this.frames.splice(0)) frame.close();
  }
}
