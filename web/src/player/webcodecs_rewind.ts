/** Playback backwards: groups of pictures come newest first, are decoded whole, and shown from their last picture on. */

import { CanvasScreen } from "./canvas_screen";
import type { PlaybackContext, PlaybackEngine } from "./engine";
import { GroupStore, type Group } from "./group_store";
import { VIDEO_TRACK, type MediaMessage } from "./media_message";
import { readFragments, readInit, type VideoDescription } from "./mp4";
import { PlaybackClock, type PlayHead } from "./playback_clock";
import { ReelMaker, type Reel } from "./reel";
import { pictureOf } from "./webcodecs_live";
import { HOLE_US } from "./webcodecs_playback";

/** The reel shown, and those that are ready when it has run out. */
const MOST_REELS = 3;
const MAX_BYTES = 48 << 20;
/** A group reaches up to the one after it, but for a picture that was lost. */
const NEAR_US = 100_000;

/**
 * Invariants: `groups` and `reels` are newest first, and all reels are newer than all groups; the clock moves only while
 * a picture has been shown and footage goes on before it.
 */
export class WebCodecsRewind implements PlaybackEngine {
  readonly kind = "webcodecs";
  private readonly screen = new CanvasScreen();
  private readonly clock: PlayHead;
  private readonly maker: ReelMaker;
  private readonly groups: Group[] = [];
  private reels: Reel[] = [];
  private bytes = 0;
  /** The group that is being received, and where it ends if nothing is missing. */
  private arriving: GroupStore | null = null;
  private arrivingEndUs: number;
  private track: VideoDescription | null = null;
  private shownUs: number | null = null;
  private held: { fromUs: number; toUs: number | null } | null = null;
  /** Waiting for the decoder. */
  private late = false;
  private wanted = true;
  private request = 0;

  constructor(private readonly context: PlaybackContext) {
    this.clock = context.head ?? new PlaybackClock(() => performance.now());
    this.clock.set(context.fromUs);
    this.clock.setRate(context.rate);
    this.arrivingEndUs = context.fromUs;
    this.maker = new ReelMaker((failure) => context.events.failed(failure));
    this.request = requestAnimationFrame(this.tick);
  }

  get element(): HTMLCanvasElement {
    return this.screen.element;
  }

  push(message: MediaMessage): void {
    if (message.track !== VIDEO_TRACK) return;
    if (message.kind === "init") {
      const track = readInit(message.payload);
      if (track.kind !== "video") throw new RangeError("track 1 is not video");
      this.finish();
      this.track = track;
      return;
    }
    if (!this.track) return;
    if (message.key) this.begin();
    for (const sample of readFragments(message.payload)) {
      this.arriving?.push(this.track, pictureOf(sample, this.context.originUs, this.track.timescale));
    }
    if ((this.arriving?.endUs ?? -Infinity) >= this.arrivingEndUs - NEAR_US) this.finish();
  }

  /** What was being received is whole, whether or not it reaches up to the group after it. */
  finish(): void {
    const group = this.arriving?.groups[0];
    this.arriving = null;
    if (!group) return;
    this.arrivingEndUs = group.startUs;
    this.groups.push(group);
    this.bytes += bytesOf(group);
    this.decode();
  }

  play(): void {
    this.wanted = true;
    this.clock.run(this.shownUs !== null && !this.held && !this.late);
  }

  pause(): void {
    this.wanted = false;
    this.clock.run(false);
  }

  setRate(rate: number): void {
    this.context.rate = rate;
    this.clock.setRate(rate);
  }

  setVolume(): void {
    // no sound here
  }

  seek(utcUs: number): boolean {
    if (!this.reels.some((reel) => reel.startUs <= utcUs && utcUs < reel.endUs)) return false;
    this.clock.set(utcUs);
    return true;
  }

  /** One picture at a time is the way of the engine that plays forwards. */
  step(): boolean {
    return false;
  }

  jump(utcUs: number): void {
    this.held = null;
    this.clock.set(utcUs);
    this.clock.run(this.wanted);
  }

  positionUs(): number {
    return this.shownUs !== null && !this.clock.running ? this.shownUs : this.clock.positionUs();
  }

  hungry(): boolean {
    return this.bytes < MAX_BYTES;
  }

  freeze(): void {
    cancelAnimationFrame(this.request);
    this.clock.run(false);
    this.maker.close();
    for (const reel of this.reels.splice(0)) reel.close();
    this.groups.length = 0;
  }

  close(): void {
    this.freeze();
    this.screen.close();
  }

  private begin(): void {
    this.finish();
    this.arriving = new GroupStore();
  }

  private decode(): void {
    if (this.maker.making || this.reels.length >= MOST_REELS) return;
    const group = this.groups.shift();
    if (!group) return;
    this.bytes -= bytesOf(group);
    void this.maker.make(group, Math.abs(this.context.rate)).then((reel) => {
      if (reel) this.reels.push(reel);
      this.decode();
    });
  }

  private readonly tick = (): void => {
    this.request = requestAnimationFrame(this.tick);
    const position = this.clock.positionUs();
    while (this.reels[1] && position < (this.reels[0]?.startUs ?? 0)) this.reels.shift()?.close();
    this.decode();
    const reel = this.reels[0];
    if (!reel) return;
    if (position >= reel.endUs + HOLE_US) this.hold(position, reel.endUs);
    else this.show(reel, position);
  };

  private show(reel: Reel, position: number): void {
    const still = reel.at(position);
    if (still && still.utcUs !== this.shownUs) {
      const started = this.shownUs === null;
      this.shownUs = still.utcUs;
      this.screen.drawImage(still.image, still.image.width, still.image.height);
      if (started && this.wanted) this.clock.run(true);
      this.context.events.painted(still.utcUs);
    }
    if (position < reel.startUs) this.await(reel.startUs);
    else if (this.held || this.late) this.release();
  }

  /** The reel has run out. The one before it is being decoded, or nothing is here yet. */
  private await(startUs: number): void {
    const decoding = this.maker.making || this.groups.length > 0 || this.arriving !== null;
    if (!decoding) this.hold(startUs, null);
    else if (!this.late) {
      this.late = true;
      this.clock.run(false);
      this.clock.set(startUs - 1);
    }
  }

  /** Nothing is here before `fromUs`, or only before `toUs`. */
  private hold(fromUs: number, toUs: number | null): void {
    if (this.held && (this.held.toUs === toUs || this.held.fromUs === fromUs)) return;
    this.held = { fromUs, toUs };
    this.clock.run(false);
    // Just before it, so that it goes on with what comes.
    if (toUs === null) this.clock.set(fromUs - 1);
    if (this.wanted) this.context.events.hole(fromUs, toUs);
  }

  private release(): void {
    this.held = null;
    this.late = false;
    this.clock.run(this.wanted);
  }
}

function bytesOf(group: Group): number {
  return group.pictures.reduce((sum, picture) => sum + picture.data.length, 0);
}
