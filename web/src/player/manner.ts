/** In which manner footage is asked for at a speed: every picture or key frames alone, and of which stream. */

import type { StreamName } from "./media_socket";

export type Frames = "all" | "key";

export interface Manner {
  stream: StreamName;
  frames: Frames;
  backwards: boolean;
}

/** What is known of a recording when its manner is chosen. */
export interface Known {
  /** How far apart key frames are, null where nobody has seen any yet. */
  groupUs: number | null;
  hasSub: boolean;
}

export const SLOWEST = 0.125;
export const FASTEST = 32;
export const FASTEST_BACK = -4;
/** Up to this speed every picture is shown. */
const EVERY_PICTURE = 4;
/** Faster, a second shows at least so many: key frames alone where they are near enough to each other. */
const PICTURES_A_SECOND = 10;
const USUAL_GROUP_US = 2e6;
/** So fast a decoder that takes every picture of a main stream does not go. */
const EVERY_MAIN_PICTURE = 8;

/** Within what the recorder plays: 1/8 to 32 forwards, 1 to 4 backwards. */
export function playableRate(rate: number): number {
  return rate < 0 ? Math.max(FASTEST_BACK, Math.min(-1, rate)) : Math.min(FASTEST, Math.max(SLOWEST, rate));
}

export function mannerOf(rate: number, stream: StreamName, { groupUs, hasSub }: Known): Manner {
  if (rate <= EVERY_PICTURE) return { stream, frames: "all", backwards: rate < 0 };
  const keysASecond = (rate * 1e6) / (groupUs ?? USUAL_GROUP_US);
  if (keysASecond >= PICTURES_A_SECOND) return { stream, frames: "key", backwards: false };
  if (hasSub) return { stream: "sub", frames: "all", backwards: false };
  return { stream, frames: rate <= EVERY_MAIN_PICTURE ? "all" : "key", backwards: false };
}

export function sameManner(one: Manner, other: Manner): boolean {
  return one.stream === other.stream && one.frames === other.frames && one.backwards === other.backwards;
}

/** Sound is played where it can be understood. */
export function audible(rate: number): boolean {
  return rate >= 0.5 && rate <= EVERY_PICTURE;
}
