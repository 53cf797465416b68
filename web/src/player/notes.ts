/** Notes: what the hub says beside the media, as JSON text; read leniently, so that a newer hub may say more. */

export interface TrackNote {
  codec: string;
  codecString: string;
  width: number;
  height: number;
}

export type Note =
  | { type: "opened"; originUs: number; tracks: ReadonlyMap<number, TrackNote> }
  | { type: "gap"; from: string; to: string; fromUs: number; toUs: number; reason: string; title: string }
  | { type: "skipped" }
  | { type: "state"; online: boolean; title: string }
  | { type: "end" }
  | { type: "problem"; kind: string; title: string; remedy: string };

type Members = Readonly<Record<string, unknown>>;

function members(value: unknown): Members {
  return typeof value === "object" && value !== null ? (value as Members) : {};
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** The instant of an RFC 3339 time, exact to the microsecond; NaN where it is none. */
export function microseconds(rfc3339: string): number {
  const fraction = /\.(\d+)/.exec(rfc3339)?.[1] ?? "";
  const whole = Date.parse(rfc3339.replace(/\.\d+/, "")) * 1000;
  return whole + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** The RFC 3339 time, exact to the microsecond, of an instant. */
export function rfc3339(utcUs: number): string {
  const us = Math.round(utcUs);
  const second = Math.floor(us / 1e6);
  const fraction = String(us - second * 1e6).padStart(6, "0");
  return new Date(second * 1000).toISOString().replace(/\.\d+Z$/, `.${fraction}Z`);
}

function tracks(value: unknown): ReadonlyMap<number, TrackNote> {
  const found = new Map<number, TrackNote>();
  for (const [id, track] of Object.entries(members(value))) {
    const { codec, codec_string, width, height } = members(track);
    found.set(Number(id), {
      codec: text(codec),
      codecString: text(codec_string),
      width: number(width),
      height: number(height),
    });
  }
  return found;
}

function problem(value: unknown): Note {
  const { type, title, detail } = members(value);
  return {
    type: "problem",
    kind: text(type).replace(/^.*:/, ""),
    title: text(title),
    remedy: text(detail),
  };
}

/** The note in a parsed JSON value, null where it is none that a player acts on. */
export function readNote(value: unknown): Note | null {
  const note = members(value);
  switch (note["type"]) {
    case "opened":
      return { type: "opened", originUs: number(note["origin_us"]), tracks: tracks(note["tracks"]) };
    case "gap": {
      const [from, to] = [text(note["from"]), text(note["to"])];
      const [fromUs, toUs] = [microseconds(from), microseconds(to)];
      if (!(toUs > fromUs)) return null;
      return { type: "gap", from, to, fromUs, toUs, reason: text(note["reason"]), title: text(note["title"]) };
    }
    case "skipped":
    case "end":
      return { type: note["type"] };
    case "state": {
      const state = members(note["state"]);
      return { type: "state", online: state["phase"] === "online", title: text(state["title"]) };
    }
    case "problem":
      return problem(note["problem"]);
    default:
      return null;
  }
}
