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
const PURPOSE = utf8("manifest\0");
const MAX_BOXES = 10_000;
const MAX_MANIFEST = 64 << 20;

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

/** The layout `ftyp uuid moov meta mdat*`; a Flaw for any other. */
export async function layout(source: Source): Promise<Layout> {
  const [ftyp, uuid, moov, meta, ...mdats] = await boxes(source, 0, source.size);
  const types = [ftyp, uuid, moov, meta].map((box) => box?.type).join(" ");
  if (!ftyp || !uuid || !moov || !meta || types !== "ftyp uuid moov meta") {
    throw new Flaw("layout", "This is not the form of an export.", 0);
  }
  const foreign = mdats.find((box) => box.type !== "mdat");
  if (foreign) throw new Flaw("layout", "There is something in the file that was not exported.", foreign.offset);
  if (!mdats.length) throw new Flaw("layout", "The export holds no footage.", source.size);
  return { ftyp, uuid, moov, meta, mdats };
}

/** The manifest inside the `uuid` box (C2PA 2, section A.4.1). */
export async function manifest(source: Source, uuid: Box): Promise<Bytes> {
  if (uuid.size > MAX_MANIFEST) throw new Flaw("manifest", "The signature is too long.", uuid.offset);
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
