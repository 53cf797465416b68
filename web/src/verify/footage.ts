/** The stored fragments inside an export, and the proofs that they are what the recorder wrote down when it recorded them. */

import { ascii, concat, equal, Flaw, fromBase64Url, hex, nth, u32, utf8, type Bytes } from "./bytes";
import type { Box } from "./boxes";
import { readFragment } from "./fragments";
import { readTracks } from "./init";
import type { Part } from "./movie";
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

/** A segment that is what was recorded: its line, what the index is made of, and which leaves are in the file. */
export interface Footage {
  readonly entry: SegmentEntry;
  readonly part: Part;
  readonly places: readonly number[];
}

const MAX_FRAGMENTS = 100_000;

/** The heads of all ledgers, and whether all their keys are under `trusted`; a Flaw where a signature is not its key's. */
export async function checkHeads(
  recording: Recording,
  trusted: readonly Certificate[],
): Promise<{ heads: Head[]; trusted: boolean }> {
  const chains = await signingKeys(recording);
  const heads: Head[] = [];
  let all = trusted.length > 0;
  for (const ledger of recording.ledgers) {
    const head = readHead(ledger.head);
    const named = `${ledger.owner}/${ledger.day}`;
    const chain = chains.get(head.key);
    const lines = ["tawny head v1", chain?.[0]?.unit ?? "", ledger.volume, named, String(head.size)];
    const statement = [...lines, hex(head.root), head.utc, ""].join("\n");
    const fits = head.ledger === named && head.volume === ledger.volume && head.size <= ledger.line;
    if (!fits || !chain || ledger.owner !== recording.camera.id) {
      throw new Flaw("head", `The head of the ledger ${named} is another ledger’s.`);
    }
    if (!(await verifies(nth(chain, 0), utf8(statement), fromBase64Url(head.signature)))) {
      throw new Flaw("head", `The ledger ${named} was not signed by the key that it names.`);
    }
    const led = await Promise.all(trusted.map((root) => leadsTo(chain, root)));
    all &&= led.includes(true);
    heads.push({ root: head.root, size: head.size });
  }
  return { heads, trusted: all };
}

async function signingKeys(recording: Recording): Promise<Map<string, Certificate[]>> {
  const found = new Map<string, Certificate[]>();
  for (const [id, pem] of recording.certificates) {
    const chain = readPem(pem);
    if ((await keyId(nth(chain, 0))) !== id) throw new Flaw("head", "A key’s certificate is another key’s.");
    found.set(id, chain);
  }
  return found;
}

/** Compare one `mdat` with the ledger; a Flaw with the offset of the segment that is in doubt. `base` is the first `mdat`'s offset. */
export async function checkSegment(
  source: Source,
  mdat: Box,
  base: number,
  segment: ProvenSegment,
  recording: Recording,
  heads: readonly Head[],
): Promise<Footage> {
  const entry = readSegment(segment.entry);
  await checkLine(segment, segment.ledger, heads);
  if (entry.stream !== recording.stream || entry.fromUs !== segment.startUs) {
    throw new Flaw("segment", "The line of a segment tells of another one.", mdat.offset);
  }
  const data = await source.read(mdat.offset, mdat.size);
  try {
    const { init, fragments, hashes } = await read(data);
    hashes.unshift(await firstLeaf(recording.camera.id, recording.stream, entry.sequence, init.bytes));
    const places = placesOf(segment, entry, hashes.length);
    const found = await root(merged(hashes, places, segment.absent, entry.fragments + 1));
    if (!equal(found, entry.root)) throw new Flaw("footage", "The footage is not what the recorder recorded.");
    const at = mdat.offset - base;
    const placed = fragments.map((fragment) => ({ ...fragment, position: fragment.position + at }));
    return { entry, places, part: { startUs: segment.startUs, tracks: init.tracks, fragments: placed } };
  } catch (error) {
    throw error instanceof Flaw ? new Flaw("footage", error.message, mdat.offset) : error;
  }
}

/** The gap lines, each proven. */
export async function checkGaps(recording: Recording, heads: readonly Head[]): Promise<GapEntry[]> {
  for (const gap of recording.gaps) await checkLine(gap, gap.ledger, heads);
  return recording.gaps.map((gap) => readGap(gap.entry));
}

async function checkLine(proof: Proof, ledger: number, heads: readonly Head[]): Promise<void> {
  const head = heads[ledger];
  if (!head) throw new Flaw("recording", "A line is of a ledger that is not named.");
  const found = await rootOf(await leaf(utf8(proof.entry)), proof.line, head.size, proof.path);
  if (!equal(found, head.root)) throw new Flaw("proof", "A line is not what was signed.");
}

/** What is in an outer `mdat`: the init segment, and fragments with their places in it. */
async function read(data: Bytes) {
  const ftyp = sized(data, 8);
  const moov = sized(data, 8 + ftyp.length);
  const bytes = concat(ftyp, moov);
  if (ascii(ftyp.subarray(4, 8)) !== "ftyp" || ascii(moov.subarray(4, 8)) !== "moov") {
    throw new Flaw("footage", "A piece of footage has no beginning.");
  }
  const fragments: Part["fragments"][number][] = [];
  const hashes: Bytes[] = [];
  for (let at = 8 + bytes.length; at < data.length;) {
    const sizes = [sized(data, at).length];
    for (let n = 0; n < 2; n++) sizes.push(sized(data, at + sum(sizes)).length);
    const fragment = data.slice(at, at + sum(sizes));
    fragments.push({ ...readFragment(fragment), position: at });
    hashes.push(await leaf(fragment));
    at += fragment.length;
    if (hashes.length > MAX_FRAGMENTS) throw new Flaw("footage", "A segment has too many pieces.");
  }
  return { init: { bytes, tracks: readTracks(moov) }, fragments, hashes };
}

function sized(data: Bytes, at: number): Bytes {
  const size = data.length - at < 8 ? 0 : u32(data, at);
  if (size < 8 || size > data.length - at) throw new Flaw("footage", "A piece of footage is cut short.");
  return data.subarray(at, at + size);
}

function sum(sizes: readonly number[]): number {
  return sizes.reduce((total, size) => total + size, 0);
}

/** The numbers of the leaves that are in the file. */
function placesOf(segment: ProvenSegment, entry: SegmentEntry, present: number): number[] {
  const number = entry.fragments + 1;
  const named = segment.present.reduce((total, [, count]) => total + count, 0);
  const ordered = segment.present.every(([first, count], at) => {
    const [before = 0, length = 0] = segment.present[at - 1] ?? [];
    return first >= before + length && first + count <= number;
  });
  const begins = segment.present[0]?.[0] === 0;
  const fits = named === present && segment.absent.length === (number - named) * HASH_SIZE;
  if (!begins || !ordered || !fits) throw new Flaw("footage", "Pieces of footage were taken away or added.");
  return segment.present.flatMap(([first, count]) => Array.from({ length: count }, (_, at) => first + at));
}

/** All leaves of the segment: those in the file where they belong, the hashes of the others between them. */
function merged(hashes: readonly Bytes[], places: readonly number[], absent: Bytes, number: number): Bytes[] {
  const all = new Array<Bytes | undefined>(number).fill(undefined);
  places.forEach((place, at) => (all[place] = hashes[at]));
  let next = 0;
  return all.map((hash) => hash ?? absent.slice(next, (next += HASH_SIZE)));
}
