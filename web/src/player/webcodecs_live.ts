/** Live through WebCodecs: each picture is drawn when it is decoded, some 0.03 s after the camera sent it. */

import { CanvasScreen } from "./canvas_screen";
import type { Engine, EngineContext } from "./engine";
import type { Frame } from "./frame";
import { AUDIO_TRACK, VIDEO_TRACK, type MediaMessage } from "./media_message";
import { readFragments, readInit, type Sample, type VideoDescription } from "./mp4";
import { PictureDecoder, type Picture } from "./picture_decoder";
import { soundBeside, type SoundBeside } from "./sound_beside";

/** More pictures than this waiting, beside a burst: the machine can't keep up, go on at the next key frame. */
const MAX_WAITING = 75;

export function pictureOf(sample: Sample, originUs: number, timescale: number): Picture {
  const micros = (ticks: number): number => Math.round((ticks * 1e6) / timescale);
  return {
    utcUs: originUs + micros(sample.decodeTime + sample.shift),
    durationUs: micros(sample.duration),
    key: sample.key,
    data: sample.data,
  };
}

const CHASE_MS = 50;

/** With sound on, live plays through Media Source, unless that can't show the picture: then sound has an element beside it. */
export class WebCodecsLive implements Engine {
  readonly kind = "webcodecs";
  private readonly screen = new CanvasScreen();
  private readonly decoder: PictureDecoder;
  private track: VideoDescription | null = null;
  private drawFromUs = -Infinity;
  private allowance = MAX_WAITING;
  private readonly sound: SoundBeside | null;
  private readonly chasing: ReturnType<typeof setInterval> | undefined;

  constructor(private readonly context: EngineContext) {
    this.decoder = new PictureDecoder(
      (frame) => this.show(frame),
      (failure) => context.events.failed(failure),
    );
    const sound = soundBeside(context);
    this.sound = sound;
    if (sound) this.chasing = setInterval(() => sound.follow(), CHASE_MS);
  }

  get element(): HTMLCanvasElement {
    return this.screen.element;
  }

  push(message: MediaMessage): void {
    if (message.track === AUDIO_TRACK) this.sound?.push(message);
    if (message.track !== VIDEO_TRACK) return;
    if (message.kind === "init") this.configure(message);
    else this.decode(message);
  }

  setVolume(volume: number): void {
    this.sound?.setVolume(volume);
  }

  freeze(): void {
    clearInterval(this.chasing);
    this.sound?.freeze();
    this.decoder.close();
  }

  close(): void {
    this.freeze();
    this.sound?.close();
    this.screen.close();
  }

  private configure(message: MediaMessage): void {
    const track = readInit(message.payload);
    if (track.kind !== "video") throw new RangeError("track 1 is not video");
    this.track = track;
    this.decoder.configure(track);
  }

  private decode(message: MediaMessage): void {
    const track = this.track;
    if (!track) return;
    const pictures = readFragments(message.payload).map((s) => pictureOf(s, this.context.originUs, track.timescale));
    if (message.kind === "burst") {
      this.drawFromUs = Math.max(...pictures.map((picture) => picture.utcUs));
      this.allowance = pictures.length + MAX_WAITING;
    } else if (this.decoder.queueSize > this.allowance) {
      this.decoder.awaitKey();
    }
    for (const picture of pictures) this.decoder.decode(picture);
  }

  private show(frame: Frame): void {
    const utcUs = frame.timestamp;
    if (utcUs >= this.drawFromUs) {
      this.screen.draw(frame);
      frame.close();
      this.context.events.painted(utcUs);
    } else {
      frame.close();
    }
  }
}
