/** Decodes our samples: a `VideoDecoder` that survives reconfiguration, or still images where that is what they are. */

import { decoderConfig } from "./capability";
import { describe, early, type EngineFailure } from "./engine";
import type { Frame } from "./frame";
import { JpegDecoder } from "./jpeg_decoder";
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
 * Invariants: after `failed` or `close` no frame is handed out; each frame handed out is the owner's to close; of the two
 * decoders one is used at a time, that of the track which was configured last.
 */
export class PictureDecoder {
  private coded: VideoDecoder | null = null;
  private stills: JpegDecoder | null = null;
  private track: VideoDescription | null = null;
  private startedMs = 0;
  private needsKey = true;
  private closed = false;

  constructor(
    private readonly onFrame: (frame: Frame) => void,
    private readonly onFailure: (failure: EngineFailure) => void,
  ) {}

  get queueSize(): number {
    return this.stills?.queueSize ?? this.coded?.decodeQueueSize ?? 0;
  }

  get configured(): boolean {
    return this.stills !== null || this.coded?.state === "configured";
  }

  configure(track: VideoDescription): void {
    if (this.closed) return;
    if (this.configured) void this.flush();
    this.startedMs = performance.now();
    this.track = track;
    this.needsKey = true;
    if (track.codec === "mjpeg") this.beginStills();
    else this.beginCoded(track);
  }

  /** Hand out what is held back for reordering, all of it when this resolves; the next picture must be a key frame. */
  async flush(): Promise<void> {
    if (!this.configured || this.needsKey) return;
    this.needsKey = true;
    if (this.stills) await this.stills.flush();
    else await this.coded?.flush().catch(() => undefined); // reset or closed meanwhile: the frames are not wanted any more
  }

  /** Decoding can't keep up: it goes on with the next key frame; still images that wait are left out. */
  awaitKey(): void {
    this.stills?.reset();
    this.needsKey = true;
  }

  decode(picture: Picture): void {
    if (!this.configured || (this.needsKey && !picture.key)) return;
    this.needsKey = false;
    if (this.stills) {
      this.stills.decode(picture);
      return;
    }
    const { utcUs: timestamp, durationUs: duration, data } = picture;
    this.coded?.decode(new EncodedVideoChunk({ type: picture.key ? "key" : "delta", timestamp, duration, data }));
  }

  /** Forget everything queued. */
  reset(): void {
    if (!this.configured || !this.track) return;
    this.stills?.reset();
    this.coded?.reset();
    this.configure(this.track);
  }

  close(): void {
    this.closed = true;
    this.stills?.close();
    this.endCoded();
  }

  private beginStills(): void {
    this.endCoded();
    // Broken images say nothing about what this browser can play.
    this.stills ??= new JpegDecoder(this.onFrame, (message) => this.failed(message, false));
  }

  private beginCoded(track: VideoDescription): void {
    this.stills?.close();
    this.stills = null;
    this.coded ??= new VideoDecoder({
      output: this.onFrame,
      error: (error) => this.failed(describe(error), early(this.startedMs)),
    });
    if (this.coded.state !== "closed") this.coded.configure(decoderConfig(track));
  }

  private endCoded(): void {
    if (this.coded && this.coded.state !== "closed") this.coded.close();
    this.coded = null;
  }

  private failed(message: string, atOnce: boolean): void {
    this.onFailure({ codecString: this.track?.codecString ?? "", early: atOnce, message });
  }
}
