/** An audio track on its way into Media Source: AAC and Opus as they are, G.711 as FLAC; holes can be filled with silence. */

import { flacType, msePlays, mseType } from "./capability";
import { flacFrames, SILENCE, streamInfo } from "./flac";
import { AUDIO_TRACK } from "./media_message";
import { readFragments, readInit, type AudioDescription } from "./mp4";
import { audioFragment, flacInit, type AudioSample } from "./mp4_write";
import type { TrackNote } from "./notes";

const AAC_FRAME = 1024; // samples (ISO/IEC 14496-3, 4.5.1.1)
/** One AAC-LC frame of silence, mono and stereo: no spectral data at all, so valid at every sample rate. */
const AAC_SILENCE: Record<number, readonly number[]> = {
  1: [0x00, 0xc8, 0x00, 0x80, 0x23, 0x80],
  2: [0x21, 0x00, 0x49, 0x90, 0x02, 0x19, 0x00, 0x23, 0x80],
};
const OPUS_FRAME = 960; // 20 ms at 48 kHz, of which the bytes below are one (RFC 6716, 3.1: CELT, full band)
const OPUS_SILENCE: Record<number, readonly number[]> = { 1: [0xf8, 0xff, 0xfe], 2: [0xfc, 0xff, 0xfe] };
const MAX_SILENCE_S = 60;

/** The type to ask Media Source for, null where this browser plays no such sound. */
export function audioType(note: TrackNote): string | null {
  if (["alaw", "ulaw", "pcma", "pcmu"].includes(note.codecString || note.codec)) return flacType();
  return msePlays("audio", note.codecString) ? mseType("audio", note.codecString) : null;
}

type G711 = AudioDescription & { codec: "pcma" | "pcmu" };

function isG711(track: AudioDescription): track is G711 {
  return track.codec === "pcma" || track.codec === "pcmu";
}

export class AudioTrack {
  private track: AudioDescription | null = null;

  get known(): boolean {
    return this.track !== null;
  }

  /** What to append for an init segment. */
  init(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const track = readInit(bytes);
    if (track.kind !== "audio") throw new RangeError("track 2 is not audio");
    this.track = track;
    if (!isG711(track)) return bytes;
    const { timescale: rate, channels } = track;
    return flacInit({ track: AUDIO_TRACK, rate, channels, streamInfo: streamInfo(rate, channels) });
  }

  /** What to append for fragments. */
  media(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const track = this.track;
    if (!track || !isG711(track)) return bytes;
    const samples = readFragments(bytes);
    const first = samples[0];
    if (!first) return bytes;
    const frames = this.coded(join(samples.map((sample) => sample.data)), first.decodeTime, track);
    return audioFragment(AUDIO_TRACK, first.decodeTime, frames);
  }

  /** Silence between two media times, null where none can be made. */
  silence(fromS: number, toS: number): Uint8Array<ArrayBuffer> | null {
    const track = this.track;
    if (!track || !(toS > fromS)) return null;
    const from = Math.round(fromS * track.timescale);
    const length = Math.floor(Math.min(toS - fromS, MAX_SILENCE_S) * track.timescale);
    if (isG711(track)) {
      const codes = new Uint8Array(length * track.channels).fill(SILENCE[track.codec]);
      return audioFragment(AUDIO_TRACK, from, this.coded(codes, from, track));
    }
    const opus = track.codec === "opus";
    const duration = opus ? OPUS_FRAME : AAC_FRAME;
    const frame = (opus ? OPUS_SILENCE : AAC_SILENCE)[track.channels];
    const count = Math.ceil(length / duration);
    if (!frame || count === 0) return null;
    const sample: AudioSample = { duration, data: Uint8Array.from(frame) };
    return audioFragment(AUDIO_TRACK, from, new Array<AudioSample>(count).fill(sample));
  }

  private coded(codes: Uint8Array, first: number, track: G711): AudioSample[] {
    return flacFrames(codes, track.codec, track.channels, first);
  }
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
  return whole;
}
