/** What the two engines have in common. Both eat the same messages; all times are microseconds since 1970 UTC. */

import type { EngineKind } from "./capability";
import type { MediaMessage } from "./media_message";
import type { TrackNote } from "./notes";
import type { PlayHead } from "./playback_clock";

export interface EngineFailure {
  codecString: string;
  /** Within two seconds of starting: the browser can't play this stream, whatever it said. */
  early: boolean;
  message: string;
}

export interface EngineEvents {
  painted(utcUs: number): void;
  failed(failure: EngineFailure): void;
  /** The sound asked for can't be played (or none comes), or the browser waits for a click before it plays any. */
  silent(why: "unplayable" | "blocked"): void;
  /** Playback stands at `fromUs`; footage goes on at `toUs`, or none is here yet (null). */
  hole(fromUs: number, toUs: number | null): void;
}

/** What an engine is made for. */
export interface EngineContext {
  originUs: number;
  tracks: ReadonlyMap<number, TrackNote>;
  sound: boolean;
  volume: number;
  events: EngineEvents;
}

export interface Engine {
  readonly kind: EngineKind;
  readonly element: HTMLCanvasElement | HTMLVideoElement;
  push(message: MediaMessage): void;
  setVolume(volume: number): void;
  /** Nothing more will come: keep the picture, stop the work. */
  freeze(): void;
  close(): void;
}

/** What only playback has; times run backwards where the rate is negative. */
export interface PlaybackContext extends EngineContext {
  fromUs: number;
  rate: number;
  /** Of several cameras in step; null for one that plays by itself. */
  head: PlayHead | null;
}

export interface PlaybackEngine extends Engine {
  play(): void;
  pause(): void;
  setRate(rate: number): void;
  /** Go to a moment that is in the buffer; false where it is not. */
  seek(utcUs: number): boolean;
  /** Show the picture `count` after (before) the present one; false where it is not in the buffer. */
  step(count: number): boolean;
  /** Cross a hole. */
  jump(utcUs: number): void;
  positionUs(): number | null;
  /** The time of the picture `count` after (before) that on show, null where it is not in the buffer. */
  neighbourUs?(count: number): number | null;
  /** There is room for more media ahead. */
  hungry(): boolean;
  /** What was being received is whole: a gap or the end follows. */
  finish?(): void;
  /** How far apart the key frames seen so far are, null where there are too few. */
  groupUs?(): number | null;
}

const EARLY_MS = 2_000;

export function early(startedMs: number): boolean {
  return performance.now() - startedMs < EARLY_MS;
}

export function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
