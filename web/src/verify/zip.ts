/** A zip as exports make it (APPNOTE 6.3.10): entries stored as they are, so that each is a piece of the file and nothing is unpacked. */

import { Flaw, text, type Bytes } from "./bytes";

export interface Entry {
  readonly name: string;
  readonly blob: Blob;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const LARGEST_END = 65_557; // 22 bytes and the longest comment
const MAX_DIRECTORY = 16 << 20;
const ZIP64 = 1;
const FULL_32 = 0xffffffff;

/** Whether the file begins as a zip does. */
export async function isZip(blob: Blob): Promise<boolean> {
  return blob.size >= 22 && (await view(blob, 0, 4)).getUint32(0, true) === LOCAL;
}

/** The files in `blob`; a Flaw for a zip that is damaged, or packed. */
export async function entries(blob: Blob): Promise<Entry[]> {
  const { offset, size } = await directory(blob);
  if (size > MAX_DIRECTORY || offset + size > blob.size) throw damaged();
  const bytes = new Uint8Array(await blob.slice(offset, offset + size).arrayBuffer());
  const found: Entry[] = [];
  for (let at = 0; at + 46 <= bytes.length;) {
    const entry = new DataView(bytes.buffer, at);
    if (entry.getUint32(0, true) !== CENTRAL) break;
    const [nameSize, extraSize, commentSize] = [28, 30, 32].map((place) => entry.getUint16(place, true));
    const end = at + 46 + (nameSize ?? 0);
    if (end + (extraSize ?? 0) > bytes.length) throw damaged();
    if (entry.getUint16(10, true) !== 0) throw new Flaw("zip", "The zip is packed: unpack it and check the files.");
    const [packed, begin] = sizes(entry, bytes.subarray(end, end + (extraSize ?? 0)));
    const start = begin + (await headerSize(blob, begin));
    if (start + packed > blob.size) throw damaged();
    found.push({ name: text(bytes.subarray(at + 46, end)), blob: blob.slice(start, start + packed) });
    at = end + (extraSize ?? 0) + (commentSize ?? 0);
  }
  return found;
}

async function directory(blob: Blob): Promise<{ offset: number; size: number }> {
  const start = Math.max(0, blob.size - LARGEST_END);
  const tail = await view(blob, start, blob.size);
  for (let at = tail.byteLength - 22; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END) continue;
    const [size, offset] = [tail.getUint32(at + 12, true), tail.getUint32(at + 16, true)];
    const large = size === FULL_32 || offset === FULL_32 || tail.getUint16(at + 10, true) === 0xffff;
    return large ? directory64(blob, tail, at - 20) : { offset, size };
  }
  throw damaged();
}

async function directory64(blob: Blob, tail: DataView, locatorAt: number): Promise<{ offset: number; size: number }> {
  if (locatorAt < 0 || tail.getUint32(locatorAt, true) !== LOCATOR_64) throw damaged();
  const at = whole(tail, locatorAt + 8);
  const end = await view(blob, at, at + 56);
  if (end.byteLength < 56 || end.getUint32(0, true) !== END_64) throw damaged();
  return { offset: whole(end, 48), size: whole(end, 40) };
}

/** The size and the offset of an entry, from its 64-bit field where the short ones are full. */
function sizes(entry: DataView, extra: Bytes): [number, number] {
  const [unpacked, packed, offset] = [24, 20, 42].map((place) => entry.getUint32(place, true));
  const wide = wideFields(extra);
  const take = (short: number | undefined) => (short === FULL_32 ? (wide.shift() ?? -1) : (short ?? -1));
  const real = [take(unpacked), take(packed), take(offset)] as const;
  if (real.some((value) => value < 0)) throw damaged();
  return [real[1], real[2]];
}

function wideFields(extra: Bytes): number[] {
  const fields = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  for (let at = 0; at + 4 <= extra.length;) {
    const size = fields.getUint16(at + 2, true);
    if (fields.getUint16(at, true) === ZIP64) {
      const places = Array.from({ length: Math.floor(size / 8) }, (_, n) => at + 4 + 8 * n);
      return places.filter((place) => place + 8 <= extra.length).map((place) => whole(fields, place));
    }
    at += 4 + size;
  }
  return [];
}

async function headerSize(blob: Blob, offset: number): Promise<number> {
  const head = await view(blob, offset, offset + 30);
  if (head.byteLength < 30 || head.getUint32(0, true) !== LOCAL) throw damaged();
  return 30 + head.getUint16(26, true) + head.getUint16(28, true);
}

async function view(blob: Blob, start: number, end: number): Promise<DataView> {
  return new DataView(await blob.slice(start, end).arrayBuffer());
}

function whole(fields: DataView, at: number): number {
  const value = Number(fields.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw damaged();
  return value;
}

function damaged(): Flaw {
  return new Flaw("zip", "The zip is damaged.");
}
