/** A group of pictures decoded whole, as small still images, so that it can be shown backwards. */

import type { EngineFailure } from "./engine";
import { imageOf, type Frame } from "./frame";
import { lastAtMost, type Group } from "./group_store";
import type { VideoDescription } from "./mp4";
import { PictureDecoder } from "./picture_decoder";

export interface Still {
  utcUs: number;
  endUs: number;
  image: ImageBitmap;
}

/** Of one reel: two or three exist at a time. */
const MAX_REEL_BYTES = 64e6;
const MOST_STILLS = 120;

/** Each `every`-th picture is kept, and how large, so that a reel stays within its memory. */
export function reelSize(
  width: number,
  height: number,
  pictures: number,
  speed: number,
): { every: number; scale: number } {
  const every = Math.max(1, Math.floor(speed / 2), Math.ceil(pictures / MOST_STILLS));
  const room = MAX_REEL_BYTES / (4 * width * height * Math.max(1, Math.ceil(pictures / every)));
  return { every, scale: Math.min(1, Math.sqrt(room)) };
}

export class Reel {
  constructor(
    readonly startUs: number,
    readonly endUs: number,
    readonly stills: readonly Still[],
  ) {}

  /** The picture shown at `utcUs`, the first one before it. */
  at(utcUs: number): Still | null {
    return (
      this.stills[
        Math.max(
          0,
          lastAtMost(this.stills, utcUs, (still) => still.utcUs),
        )
      ] ?? null
    );
  }

  close(): void {
    for (const { image } of this.stills) image.close();
  }
}

/**
 * Makes reels, one after the other.
 *
 * Invariant: a frame of the decoder is copied and closed at once, for hardware owns few; `making` until its reel is told.
 */
export class ReelMaker {
  making = false;
  private readonly decoder: PictureDecoder;
  private readonly canvas = new OffscreenCanvas(1, 1);
  private readonly context = this.canvas.getContext("2d", { alpha: false });
  private track: VideoDescription | null = null;
  private stills: Still[] = [];
  private size = { every: 1, scale: 1 };
  private taken = 0;
  private closed = false;

  constructor(failed: (failure: EngineFailure) => void) {
    this.decoder = new PictureDecoder((frame) => this.take(frame), failed);
  }

  async make(group: Group, speed: number): Promise<Reel | null> {
    this.making = true;
    this.stills = [];
    this.taken = 0;
    const { width, height } = group.track;
    this.size = reelSize(width, height, group.pictures.length, speed);
    if (this.track !== group.track) this.decoder.configure((this.track = group.track));
    for (const picture of group.pictures) this.decoder.decode(picture);
    await this.decoder.flush();
    this.making = false;
    const reel = new Reel(group.startUs, group.endUs, this.stills.splice(0));
    if (!this.closed) return reel;
    reel.close();
    return null;
  }

  close(): void {
    this.closed = true;
    this.decoder.close();
    if (!this.making) for (const { image } of this.stills.splice(0)) image.close();
  }

  private take(frame: Frame): void {
    if (!this.closed && this.taken++ % this.size.every === 0) {
      const width = Math.max(1, Math.round(frame.displayWidth * this.size.scale));
      const height = Math.max(1, Math.round(frame.displayHeight * this.size.scale));
      // Setting a size, even the same one, clears the canvas, which costs.
      if (this.canvas.width !== width) this.canvas.width = width;
      if (this.canvas.height !== height) this.canvas.height = height;
      this.context?.drawImage(imageOf(frame), 0, 0, width, height);
      const utcUs = frame.timestamp;
      this.stills.push({ utcUs, endUs: utcUs + (frame.duration ?? 0), image: this.canvas.transferToImageBitmap() });
    }
    frame.close();
  }
}
