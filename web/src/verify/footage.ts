import { nth } from "./bytes";
/** The stored fragments inside an export, and the proofs that they are what the recorder wrote down when it recorded them. */

import { equal, Flaw, fromBase64Url, hex, utf8, type Bytes } from "./bytes";
import { boxes, type Box } from "./boxes";
import {
  readGap,
  readHead,
  readSegment,
  type GapEntry,
  type Proof,
  type ProvenSegment,
  type Recording,
  type SegmentEntry,
} from "./recording";
import type { Source } from "./source";
import { firstLeaf, HASH_SIZE, leaf, root, rootOf } from "./tree";
import { keyId, leadsTo, readPem, verifies, type Certificate } from "./x509";

/** A ledger's root, signed by the recorder. */
export interface Head {
  readonly root: Bytes;
  readonly size: number;
}

const MAX_FRAGMENT = 256 << 20;
const MAX_FRAGMENTS = 100_000;

/** The heads of all ledgers; a Flaw where one is not signed by a key under `trusted`. */
export async function checkHeads(recording: Recording, trusted: Certificate): Promise<Head[]> {
  const keys = await signingKeys(recording, trusted);
  return Promise.all(
    recording.ledgers.map(async (ledger) => {
      const head = readHead(ledger.head);
      const named = `${ledger.owner}/${ledger.day}`;
      const lines = ["tawny head v1", recording.recorder.id, ledger.volume, named, String(head.size)];
      const statement = [...lines, hex(head.root), head.utc, ""].join("\n");
      const key = keys.get(head.key);
      const fits = head.ledger === named && head.volume === ledger.volume && head.size <= ledger.line;
      if (!fits || !key || !(await verifies(key, utf8(statement), fromBase64Url(head.signature)))) {
        throw new Flaw("head", `The ledger of ${ledger.day} is not signed by the recorder.`);
      }
      return { root: head.root, size: head.size };
    }),
  );
}

async function signingKeys(recording: Recording, trusted: Certificate): Promise<Map<string, Certificate>> {
  const found = new Map<string, Certificate>();
  for (const [id, pem] of recording.certificates) {
    const chain = readPem(pem);
    const first = chain[0];
    if (!first || (await keyId(first)) !== id || !(await leadsTo(chain, trusted))) {
      throw new Flaw("head", "A key of the ledger is not the recorder’s.");
    }
    found.set(id, first);
  }
  return found;
}

/** Compare one `mdat` with the ledger; the segment's entry, a Flaw with the offset of the first byte that is in doubt. */
export async function checkSegment(
  source: Source,
  mdat: Box,
  segment: ProvenSegment,
  recording: Recording,
  heads: readonly Head[],
  progress: (bytes: number) => void,
): Promise<SegmentEntry> {
  const entry = readSegment(segment.entry);
  await checkLine(segment, segment.ledger, recording, heads);
  const owner = recording.ledgers[segment.ledger]?.owner;
  if (entry.stream !== recording.stream || entry.fromUs !== segment.startUs || owner !== recording.camera.id) {
    throw new Flaw("segment", "A piece of footage is of another camera or time.", mdat.offset);
  }
  const hashes = await leaves(source, mdat, recording, entry, progress);
  const found = await root(merged(hashes, segment, entry, mdat.offset));
  if (!equal(found, entry.root)) {
    throw new Flaw("footage", "The footage is not what the recorder recorded.", mdat.offset);
  }
  return entry;
}

/** The gap lines, each proven. */
export async function checkGaps(recording: Recording, heads: readonly Head[]): Promise<GapEntry[]> {
  for (const gap of recording.gaps) {
    await checkLine(gap, gap.ledger, recording, heads);
    if (recording.ledgers[gap.ledger]?.owner !== recording.camera.id) {
      throw new Flaw("gap", "A hole is explained by another camera’s ledger.");
    }
  }
  return recording.gaps.map((gap) => readGap(gap.entry));
}

async function checkLine(proof: Proof, ledger: number, recording: Recording, heads: readonly Head[]): Promise<void> {
  const head = heads[ledger];
  if (!head || !recording.ledgers[ledger]) throw new Flaw("proof", "A proof names no ledger.");
  const found = await rootOf(await leaf(utf8(proof.entry)), proof.line, head.size, proof.path);
  if (!equal(found, head.root)) throw new Flaw("proof", "A line is not in the signed ledger.");
}

async function leaves(
  source: Source,
  mdat: Box,
  recording: Recording,
  entry: SegmentEntry,
  progress: (bytes: number) => void,
): Promise<Bytes[]> {
  const start = mdat.offset + mdat.headerSize;
  const [ftyp, moov, ...rest] = await boxes(source, start, mdat.offset + mdat.size, 3 * MAX_FRAGMENTS);
  if (ftyp?.type !== "ftyp" || moov?.type !== "moov") {
    throw new Flaw("segment", "A piece of footage has no beginning.", start);
  }
  const init = await bytesOf(source, [ftyp, moov]);
  const found = [await firstLeaf(recording.camera.id, recording.stream, entry.sequence, init)];
  for (let at = 0; at < rest.length; at += 3) {
    const fragment = rest.slice(at, at + 3);
    if (fragment.map((box) => box.type).join(" ") !== "prft moof mdat") {
      throw new Flaw("segment", "A piece of footage is not in the stored form.", nth(fragment, 0).offset);
    }
    const data = await bytesOf(source, fragment);
    found.push(await leaf(data));
    progress(data.length);
  }
  return found;
}

async function bytesOf(source: Source, parts: readonly Box[]): Promise<Bytes> {
  const size = parts.reduce((sum, box) => sum + box.size, 0);
  if (size > MAX_FRAGMENT) throw new Flaw("segment", "A piece of footage is too large.", nth(parts, 0).offset);
  return source.read(nth(parts, 0).offset, size);
}

/** All leaves of the segment: those in the file where they belong, the hashes of the others between them. */
function merged(hashes: readonly Bytes[], segment: ProvenSegment, entry: SegmentEntry, offset: number): Bytes[] {
  const number = entry.fragments + 1;
  if (number > MAX_FRAGMENTS) throw new Flaw("segment", "A segment has too many pieces.", offset);
  const places = segment.present.flatMap(([first, count]) =>
    count > number ? [number] : Array.from({ length: count }, (_, at) => first + at),
  );
  const ordered = places.every((place, at) => place < number && place > (places[at - 1] ?? -1));
  const fits = places[0] === 0 && ordered && places.length === hashes.length;
  if (!fits || segment.absent.length !== (number - places.length) * HASH_SIZE) {
    throw new Flaw("footage", "Pieces of footage were taken away or added.", offset);
  }
  const all = new Array<Bytes | undefined>(number).fill(undefined);
  places.forEach((place, at) => (all[place] = nth(hashes, at)));
  let next = 0;
  return all.map((hash) => hash ?? segment.absent.slice(next, (next += HASH_SIZE)));
}
