/**
 * What this browser keeps as a witness: of each ledger of the recorder the newest signed head it has seen.
 *
 * A ledger only grows. One that is shorter than a head that was seen, or has another root at the same length, was
 * tampered with after the head left the recorder.
 */
export type Head = { id: string; utc: string; ledger: string; volume: string; size: number; root: string };
export type KeptHead = Head & { line: Readonly<Record<string, unknown>>; statement: string };
export type Kept = { heads: readonly KeptHead[]; broken: Broken | null };
/** A head that contradicts one that was seen. */
export type Broken = { ledger: string; seen: KeptHead; now: KeptHead };

export const nothingKept: Kept = { heads: [], broken: null };
const MOST = 120;

/** The head in an answer, or null where it is not one. */
export function readHead(line: Readonly<Record<string, unknown>> | null, statement: string | null): KeptHead | null {
  if (line === null) return null;
  const { id, utc, ledger, volume, size, root } = line;
  if (typeof id !== "string" || typeof ledger !== "string" || typeof volume !== "string") return null;
  if (typeof size !== "number" || typeof root !== "string") return null;
  return { id, utc: String(utc), ledger, volume, size, root, line, statement: statement ?? "" };
}

const same = (one: Head, other: Head) => one.ledger === other.ledger && one.volume === other.volume;

/** What is kept after *head* was seen; a contradiction is kept until a person has looked into it. */
export function witnessed(kept: Kept, head: KeptHead): Kept {
  if (kept.broken) return kept;
  const seen = kept.heads.find((each) => same(each, head));
  if (seen && (head.size < seen.size || (head.size === seen.size && head.root !== seen.root))) {
    return { ...kept, broken: { ledger: head.ledger, seen, now: head } };
  }
  const others = kept.heads.filter((each) => !same(each, head));
  return { heads: [...others, head].slice(-MOST), broken: null };
}

/** Whether *head* is one that this browser has kept already. */
export const isKnown = (kept: Kept, head: Head) => kept.heads.some(({ id }) => id === head.id);

/** Go on from what the recorder shows now. */
export function accepted(kept: Kept): Kept {
  const { broken } = kept;
  if (!broken) return kept;
  return { heads: [...kept.heads.filter((each) => !same(each, broken.now)), broken.now], broken: null };
}

/** What was stored by an earlier visit; storage may hold anything. */
export function readKept(stored: string | null): Kept {
  try {
    const value: unknown = JSON.parse(stored ?? "null");
    if (typeof value !== "object" || value === null || !("heads" in value) || !Array.isArray(value.heads)) {
      return nothingKept;
    }
    const heads = value.heads.flatMap((each: unknown) => headOf(each) ?? []);
    const broken = "broken" in value ? brokenOf(value.broken) : null;
    return { heads, broken };
  } catch {
    return nothingKept;
  }
}

function headOf(value: unknown): KeptHead | null {
  if (typeof value !== "object" || value === null || !("line" in value) || !("statement" in value)) return null;
  const { line, statement } = value;
  if (typeof line !== "object" || line === null || typeof statement !== "string") return null;
  return readHead(line as Record<string, unknown>, statement);
}

function brokenOf(value: unknown): Broken | null {
  if (typeof value !== "object" || value === null || !("seen" in value) || !("now" in value)) return null;
  const seen = headOf(value.seen);
  const now = headOf(value.now);
  return seen && now ? { ledger: now.ledger, seen, now } : null;
}
