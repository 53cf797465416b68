import { nth } from "./bytes";
/** The assertion `org.tawny.recording` and the ledger lines in it (`docs/design/evidence.md`), read strictly. */

import { Flaw, fromBase64, fromHex, text, type Bytes } from "./bytes";

export const LABEL = "org.tawny.recording";

export interface Proof {
  readonly line: number;
  readonly entry: string;
  readonly path: readonly Bytes[];
}

export interface ProvenSegment extends Proof {
  readonly startUs: number;
  readonly ledger: number;
  readonly present: readonly (readonly [number, number])[];
  readonly absent: Bytes;
}

export interface ProvenGap extends Proof {
  readonly ledger: number;
}

export interface ProvenLedger {
  readonly volume: string;
  readonly owner: string;
  readonly day: string;
  readonly line: number;
  readonly head: string;
}

export interface Recording {
  readonly recorder: {
    readonly id: string;
    readonly name: string;
    readonly timeZone: string;
    readonly software: string;
  };
  readonly camera: { readonly id: string; readonly name: string };
  readonly stream: string;
  readonly audio: boolean;
  readonly fromUs: number;
  readonly toUs: number;
  readonly part: { readonly export: string; readonly number: number; readonly of: number };
  readonly exportedUs: number;
  readonly exportedBy: string;
  readonly case: { readonly number: string; readonly reason: string; readonly officer: string } | null;
  readonly segments: readonly ProvenSegment[];
  readonly gaps: readonly ProvenGap[];
  readonly ledgers: readonly ProvenLedger[];
  readonly certificates: ReadonlyMap<string, string>;
  readonly witnesses: number;
}

export interface SegmentEntry {
  readonly stream: string;
  readonly fromUs: number;
  readonly toUs: number;
  readonly fragments: number;
  readonly sequence: number;
  readonly root: Bytes;
  readonly recovered: boolean;
  readonly unsignedUntilUs: number | null;
}

export interface GapEntry {
  readonly id: string;
  readonly kind: "gap" | "gap_ended" | "deleted";
  readonly stream: string;
  readonly fromUs: number | null;
  readonly toUs: number | null;
  readonly reason: string;
  readonly title: string;
  readonly gap: string;
  readonly sequence: number | null;
}

export interface HeadEntry {
  readonly utc: string;
  readonly utcUs: number;
  readonly volume: string;
  readonly ledger: string;
  readonly size: number;
  readonly root: Bytes;
  readonly key: string;
  readonly signature: string;
}

/** One JSON object from outside, each member read with its type. */
class Members {
  constructor(private readonly value: Record<string, unknown>) {}

  static of(value: unknown): Members {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong("an object");
    return new Members(value as Record<string, unknown>);
  }

  static parse(line: string): Members {
    try {
      return Members.of(JSON.parse(line));
    } catch (error) {
      if (error instanceof Flaw) throw error;
      return wrong("JSON");
    }
  }

  text(name: string): string {
    const value = this.value[name];
    return typeof value === "string" ? value : wrong(name);
  }

  whole(name: string): number {
    const value = this.value[name];
    return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : wrong(name);
  }

  flag(name: string): boolean {
    const value = this.value[name];
    return typeof value === "boolean" ? value : wrong(name);
  }

  moment(name: string): number {
    return microseconds(this.text(name));
  }

  members(name: string): Members {
    return Members.of(this.value[name]);
  }

  list<T>(name: string, read: (item: unknown) => T): T[] {
    const value = this.value[name];
    return Array.isArray(value) ? value.map(read) : wrong(name);
  }

  has(name: string): boolean {
    return this.value[name] !== undefined && this.value[name] !== null;
  }

  entries(): [string, unknown][] {
    return Object.entries(this.value);
  }
}

function wrong(name: string): never {
  throw new Flaw("assertion", `What the signature says about the footage can’t be read (${name}).`);
}

/** Microseconds since 1970 of an RFC 3339 moment in UTC. */
export function microseconds(moment: string): number {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/.exec(moment);
  const whole = match ? Date.parse(`${nth(match, 1)}Z`) : NaN;
  if (!match || Number.isNaN(whole)) return wrong("a moment");
  return whole * 1000 + Number((match[2] ?? "").padEnd(6, "0"));
}

export function readRecording(json: Bytes): Recording {
  const whole = Members.parse(text(json));
  if (whole.whole("version") !== 1) throw new Flaw("version", "The file was exported by a newer Tawny.");
  const recorder = whole.members("recorder");
  const camera = whole.members("camera");
  const asked = whole.members("asked");
  const part = whole.members("part");
  const exported = whole.members("exported");
  const inCase = whole.has("case") ? whole.members("case") : null;
  return {
    recorder: {
      id: recorder.text("id"),
      name: recorder.text("name"),
      timeZone: recorder.text("time_zone"),
      software: recorder.text("software"),
    },
    camera: { id: camera.text("id"), name: camera.text("name") },
    stream: whole.text("stream"),
    audio: whole.flag("audio"),
    fromUs: asked.moment("from"),
    toUs: asked.moment("to"),
    part: { export: part.text("export"), number: part.whole("number"), of: part.whole("of") },
    exportedUs: exported.moment("at"),
    exportedBy: exported.text("by"),
    case: inCase && { number: inCase.text("number"), reason: inCase.text("reason"), officer: inCase.text("officer") },
    segments: whole.list("segments", readProvenSegment),
    gaps: whole.list("gaps", (item) => ({ ledger: Members.of(item).whole("ledger"), ...proof(item) })),
    ledgers: whole.list("ledgers", readProvenLedger),
    certificates: new Map(
      whole
        .members("certificates")
        .entries()
        .map(([key, pem]) => [key, String(pem)]),
    ),
    witnesses: whole.list("witnesses", (item) => item).length,
  };
}

function proof(item: unknown): Proof {
  const members = Members.of(item);
  return {
    line: members.whole("line"),
    entry: members.text("entry"),
    path: members.list("path", (hash) => fromHex(String(hash))),
  };
}

function readProvenSegment(item: unknown): ProvenSegment {
  const members = Members.of(item);
  return {
    ...proof(item),
    startUs: members.whole("start_us"),
    ledger: members.whole("ledger"),
    present: members.list("present", run),
    absent: fromBase64(members.text("absent")),
  };
}

function run(item: unknown): readonly [number, number] {
  const [first, count] = Array.isArray(item) ? (item as unknown[]) : [];
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || (first as number) < 0 || (count as number) < 1) {
    return wrong("present");
  }
  return [first as number, count as number];
}

function readProvenLedger(item: unknown): ProvenLedger {
  const members = Members.of(item);
  const head = members.members("head");
  return {
    volume: members.text("volume"),
    owner: members.text("owner"),
    day: members.text("day"),
    line: head.whole("line"),
    head: head.text("entry"),
  };
}

export function readSegment(line: string): SegmentEntry {
  const members = Members.parse(line);
  if (members.text("kind") !== "segment") return wrong("segment");
  return {
    stream: members.text("stream"),
    fromUs: members.moment("from"),
    toUs: members.moment("to"),
    fragments: members.whole("fragments"),
    sequence: members.whole("sequence"),
    root: fromHex(members.text("root")),
    recovered: members.has("recovered") && members.flag("recovered"),
    unsignedUntilUs: members.has("unsigned_until") ? members.moment("unsigned_until") : null,
  };
}

export function readGap(line: string): GapEntry {
  const members = Members.parse(line);
  const kind = members.text("kind");
  if (kind !== "gap" && kind !== "gap_ended" && kind !== "deleted") return wrong("gap");
  return {
    id: members.text("id"),
    kind,
    stream: members.text("stream"),
    fromUs: kind === "gap_ended" ? null : members.moment("from"),
    toUs: kind === "gap" ? null : members.moment("to"),
    reason: kind === "gap_ended" ? "" : members.text(kind === "deleted" ? "cause" : "reason"),
    title: kind === "gap" ? members.text("title") : "",
    gap: kind === "gap_ended" ? members.text("gap") : "",
    sequence: kind === "deleted" ? members.whole("sequence") : null,
  };
}

export function readHead(line: string): HeadEntry {
  const members = Members.parse(line);
  if (members.text("kind") !== "head") return wrong("head");
  return {
    utc: members.text("utc"),
    utcUs: members.moment("utc"),
    volume: members.text("volume"),
    ledger: members.text("ledger"),
    size: members.whole("size"),
    root: fromHex(members.text("root")),
    key: members.text("key"),
    signature: members.text("signature"),
  };
}
