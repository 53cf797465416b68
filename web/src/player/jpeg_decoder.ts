/** MJPEG: each picture is a still image, which every browser decodes, also on pages without WebCodecs. */

import { describe } from "./engine";
import { StillFrame } from "./frame";
import type { Picture } from "./picture_decoder";

/** So many broken pictures in a row are no accident. */
const MAX_BROKEN = 5;

/**
 * Decodes one picture after the other, in their order.
 *
 * Invariant: what was queued before `reset` or `close` is never handed out behind it.
 */
export class JpegDecoder {
  private queue: Picture[] = [];
  private generation = 0;
  private broken = 0;
  private working: Promise<void> | null = null;

  constructor(
    private readonly onFrame: (frame: StillFrame) => void,
    private readonly onFailure: (message: string) => void,
  ) {}

  get queueSize(): number {
    return this.queue.length + (this.working ? 1 : 0);
  }

  decode(picture: Picture): void {
    this.queue.push(picture);
    this.working ??= this.work().finally(() => (this.working = null));
  }

  /** Until all are handed out. */
  async flush(): Promise<void> {
    await this.working;
  }

  reset(): void {
    this.generation++;
    this.queue = [];
    this.broken = 0;
  }

  close(): void {
    this.reset();
  }

  private async work(): Promise<void> {
    for (let picture = this.queue.shift(); picture; picture = this.queue.shift()) {
      const { generation } = this;
      const found = await decoded(picture);
      if (generation !== this.generation) {
        if (found instanceof StillFrame) found.close();
      } else if (found instanceof StillFrame) {
        this.broken = 0;
        this.onFrame(found);
      } else if (++this.broken >= MAX_BROKEN) {
        this.close();
        this.onFailure(found);
      }
    }
  }
}

async function decoded(picture: Picture): Promise<StillFrame | string> {
  try {
    const image = await createImageBitmap(new Blob([picture.data], { type: "image/jpeg" }));
    return new StillFrame(image, picture.utcUs, picture.durationUs);
  } catch (error) {
    return describe(error);
  }
}
