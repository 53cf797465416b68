/** A decoded picture: the browser's own, or one that was a still image (MJPEG). */

export class StillFrame {
  constructor(
    readonly image: ImageBitmap,
    readonly timestamp: number,
    readonly duration: number,
  ) {}

  get displayWidth(): number {
    return this.image.width;
  }

  get displayHeight(): number {
    return this.image.height;
  }

  close(): void {
    this.image.close();
  }
}

/** Its `timestamp` is the picture's `utcUs`; whoever has it closes it. */
export type Frame = VideoFrame | StillFrame;

export function imageOf(frame: Frame): CanvasImageSource {
  return frame instanceof StillFrame ? frame.image : frame;
}
