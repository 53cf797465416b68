/** What live and playback sessions are given, and what they share. */

import type { Capability } from "./capability";
import type { MediaSocket, StreamName } from "./media_socket";
import type { Note } from "./notes";
import type { SeenBox } from "./seen";
import type { Stage } from "./stage";
import type { PlayerState } from "./state";

export interface SessionHost {
  socket: MediaSocket;
  capability: Capability;
  stage: Stage;
  emit(state: PlayerState): void;
  painted(utcUs: number, stream: StreamName, boxes: readonly SeenBox[]): void;
}

/** One camera, live or from one moment on. */
export interface Session {
  pause(): void;
  resume(): void;
  step(count: number): void;
  /** Stop to look at single pictures; tells when the one `count` after (before) that on show was taken. */
  look?(count: number): number | null;
  setRate(rate: number): void;
  setSound(on: boolean, volume: number): void;
  setVisible(visible: boolean): void;
  positionUs(): number | null;
  /** End; the picture on the stage stays until another takes its place, and moves on only if `running`. */
  retire(running: boolean): void;
}

/** Problems that may pass by themselves; the others are for a person to solve. */
const PASSING = new Set(["unreachable", "unavailable", "too_many", "unauthenticated"]);

export function passes(problem: Extract<Note, { type: "problem" }>): boolean {
  return PASSING.has(problem.kind);
}
