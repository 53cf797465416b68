import type { Camera } from "../../api/gen";

export type Trouble = { kind: "certificate" | "identity" | "login" | "readable"; title: string; remedy: string };

/** Kinds of states that another login mends. */
const LOGIN = new Set(["credentials", "locked_out", "weaker_login"]);

/** What a person must decide before the camera goes on; the device's side knows it first. */
export function deviceTrouble({ device, state }: Pick<Camera, "device" | "state">): Trouble | null {
  const waiting = [device, state].filter(({ phase }) => phase === "waiting");
  for (const { kind, title, remedy } of waiting) {
    if (kind === "certificate" || kind === "identity") return { kind, title, remedy };
  }
  const readable = waiting.find(({ kind }) => kind === "basic_only");
  if (readable) return { kind: "readable", title: readable.title, remedy: readable.remedy };
  const refused = waiting.find(({ kind }) => LOGIN.has(kind));
  return refused ? { kind: "login", title: refused.title, remedy: refused.remedy } : null;
}
