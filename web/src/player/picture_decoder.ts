/** A `VideoDecoder` that speaks of our samples, and survives reconfiguration. */

import { decoderConfig } from "./capability";
import { describe, early, type EngineFailure } from "./engine";
import type { VideoDescription } from "./mp4";

export interface Picture {
  utcUs: number;
  durationUs: number;
  key: boolean;
  data: Uint8Array<ArrayBuffer>;
}

/**
 * Decodes pictures and hands out frames, whose `timestamp` is the picture's `utcUs`.
 *
 * Invariant: after `failed` or `close` no frame is handed out; each frame handed out is the owner's to close.
 */
export class PictureDecoder {
  private readonly decoder: VideoDecoder;
  private track: VideoDescription | null = null;
  private startedMs = 0;
  private needsKey = true;

  constructor(onFrame: (frame: VideoFrame) => void, onFailure: (failure: EngineFailure) => void) {
    this.decoder = new VideoDecoder({
      output: onFrame,
      error: (error) => {
        const codecString = this.track?.codecString ?? "";
        onFailure({ codecString, early: early(this.startedMs), message: describe(error) });
      },
    });
  }

  get queueSize(): number {
    return this.decoder.decodeQueueSize;
  }

  get configured(): boolean {
    return this.decoder.state === "configured";
  }

  configure(track: VideoDescription): void {
    if (this.decoder.state === "closed") return;
    if (this.configured) void this.flush();
    this.startedMs = performance.now();
    this.track = track;
    this.needsKey = true;
    this.decoder.configure(decoderConfig(track));
  }

  /** Hand out what is held back for reordering, all of it when this resolves; the next picture must be a key frame. */
  async flush(): Promise<void> {
    if (!this.configured || this.needsKey) return;
    this.needsKey = true;
    await this.decoder.flush().catch(() => undefined); // reset or closed meanwhile: the frames are not wanted any more
  }

  /** Decoding goes on with the next key frame; what was not decodable before it is left out. */
  awaitKey(): void {
    this.needsKey = true;
  }

  decode(picture: Picture): void {
    if (!this.configured || (this.needsKey && !picture.key)) return;
    this.needsKey = false;
    const { utcUs: timestamp, durationUs: duration, data } = picture;
    this.decoder.decode(new EncodedVideoChunk({ type: picture.key ? "key" : "delta", timestamp, duration, data }));
  }

  /** Forget everything queued. */
  reset(): void {
    if (!this.configured || !this.track) return;
    this.decoder.reset();
    this.configure(this.track);
  }

  close(): void {
    if (this.decoder.state !== "closed") this.decoder.close();
  }
}
