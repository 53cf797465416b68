import type { EngineKind } from "./capability";
import type { StreamName } from "./media_socket";

/** What a player shows; `note` is a sentence to show beside the picture. */
export type PlayerState =
  | { kind: "idle" }
  | { kind: "loading" }
  | { kind: "playing"; stream: StreamName; engine: EngineKind; note?: string | undefined }
  | { kind: "paused" }
  | { kind: "waiting"; title: string }
  | { kind: "gap"; title: string; reason: string; from: string; to: string }
  /** `oldest`: it was played backwards, to where it begins. */
  | { kind: "ended"; oldest?: boolean | undefined }
  | { kind: "failed"; title: string; remedy: string };
