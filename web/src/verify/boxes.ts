import { nth } from "./bytes";
/** The outer form of an export (`docs/reference/evidence.md`): every byte of the file has an owner. */

import { ascii, equal, Flaw, fromHex, u32, u64, utf8, type Bytes } from "./bytes";
import type { Source } from "./source";

export interface Box {
  readonly type: string;
  readonly offset: number;
  readonly headerSize: number;
  readonly size: number;
}

export interface Layout {
  readonly ftyp: Box;
  readonly uuid: Box;
  readonly moov: Box;
  readonly meta: Box;
  readonly mdats: readonly Box[];
}

const C2PA_UUID = fromHex("d8fec3d61b0e483c92975828877ec481");
const FTYP = fromHex("0000001c6674797069736f6d0000020069736f6d69736f366d703431");
const MARKS = [C2PA_UUID, utf8("org.tawny.recording")];
const PURPOSE = utf8("manifest\0");
const MAX_BOXES = 10_000;
const LARGEST = { uuid: 16 << 20, moov: 64 << 20, meta: 64 << 10, mdat: 64 << 20 };
const MAX_SEGMENTS = 4096;
const BEGINNING = 64 << 10;

/** The box at `offset`, which has to end at `end` or before. */
export async function boxAt(source: Source, offset: number, end: number): Promise<Box> {
  const room = end - offset;
  if (room < 8) throw new Flaw("layout", "Bytes stand behind the last box.", offset);
  const head = await source.read(offset, Math.min(16, room));
  const short = u32(head, 0);
  const large = short === 1 && room >= 16;
  const size = large ? u64(head, 8) : short;
  const headerSize = large ? 16 : 8;
  if (size < headerSize || size > room) throw new Flaw("layout", "A box is longer than the file.", offset);
  return { type: ascii(head.subarray(4, 8)), offset, headerSize, size };
}

/** The boxes between `start` and `end`, one behind the other. */
export async function boxes(source: Source, start: number, end: number, limit = MAX_BOXES): Promise<Box[]> {
  const found: Box[] = [];
  for (let at = start; at < end; at += nth(found, -1).size) {
    if (found.length === limit) throw new Flaw("layout", "There are too many boxes.", at);
    found.push(await boxAt(source, at, end));
  }
  return found;
}

/** What the first bytes say: an export of ours (or what was one), another MP4, or something else. */
export async function kindOf(source: Source): Promise<"export" | "mp4" | "other"> {
  const head = await source.read(0, Math.min(BEGINNING, source.size));
  if (MARKS.some((mark) => includes(head, mark))) return "export";
  return ascii(head.subarray(4, 8)) === "ftyp" ? "mp4" : "other";
}

function includes(bytes: Bytes, wanted: Bytes): boolean {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (equal(bytes.subarray(at, at + wanted.length), wanted)) return true;
  }
  return false;
}

/** The layout `ftyp uuid moov meta mdat*`; a Flaw for any other. */
export async function layout(source: Source): Promise<Layout> {
  if (source.size < FTYP.length || !equal(await source.read(0, FTYP.length), FTYP)) {
    throw new Flaw("layout", "The file does not begin as an export does.", 0);
  }
  let at = 0;
  const next = async (type: "ftyp" | keyof typeof LARGEST) => {
    const box = await boxAt(source, at, source.size);
    if (box.type !== type || box.headerSize !== 8 || (type !== "ftyp" && box.size > LARGEST[type])) {
      throw new Flaw("layout", "There is something in the file that was not exported.", at);
    }
    at += box.size;
    return box;
  };
  const [ftyp, uuid, moov, meta] = [await next("ftyp"), await next("uuid"), await next("moov"), await next("meta")];
  const mdats: Box[] = [];
  while (at < source.size && mdats.length < MAX_SEGMENTS) mdats.push(await next("mdat"));
  if (!mdats.length || at < source.size) throw new Flaw("layout", "The export has no footage, or too much.", at);
  return { ftyp, uuid, moov, meta, mdats };
}

/** The manifest inside the `uuid` box (C2PA 2, section A.4.1). */
export async function manifest(source: Source, uuid: Box): Promise<Bytes> {
  const data = await source.read(uuid.offset + uuid.headerSize, uuid.size - uuid.headerSize);
  const purposeAt = C2PA_UUID.length + 4;
  const start = purposeAt + PURPOSE.length + 8;
  if (!equal(data.subarray(0, C2PA_UUID.length), C2PA_UUID)) {
    throw new Flaw("manifest", "The file has no signature.", uuid.offset);
  }
  if (data.length < start || !equal(data.subarray(purposeAt, purposeAt + PURPOSE.length), PURPOSE)) {
    throw new Flaw("manifest", "The signature’s box was changed.", uuid.offset);
  }
  const constants = [...data.subarray(C2PA_UUID.length, purposeAt), ...data.subarray(start - 8, start)];
  if (constants.some((byte) => byte !== 0)) {
    throw new Flaw("manifest", "The signature’s box was changed.", uuid.offset);
  }
  return data.slice(start);
}
