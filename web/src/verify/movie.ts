/** The index (`moov`) and the description (`meta`), made again from what is proven (`docs/reference/evidence.md`). */

import { concat, equal, Flaw, nth, utf8, type Bytes } from "./bytes";
import { SYNC, type Fragment } from "./fragments";
import type { Handler, Track } from "./init";
import type { Recording } from "./recording";

/** A segment in the file: its tracks, and where its fragments begin, counted from the first outer `mdat`. */
export interface Part {
  readonly startUs: number;
  readonly tracks: ReadonlyMap<number, Track>;
  readonly fragments: readonly (Fragment & { readonly position: number })[];
}

interface Table {
  formats: Track[];
  first: number;
  end: number;
  durations: number[];
  sizes: number[];
  shifts: number[];
  keys: number[];
  chunks: [number, number][];
  offsets: number[];
}

const SCALE = 90_000;
const VIDEO_TRACK = 1;
const MAX_STEP = 0xffffffff;
const MATRIX = numbers(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);
const FROM_1904_S = 2_082_844_800;
const FROM_1601_US = 11_644_473_600_000_000n;

/** `moov` and `meta` of the file whose boxes before them have `before` bytes. */
export function index(parts: readonly Part[], recording: Recording, before: number): { moov: Bytes; meta: Bytes } {
  const starts = parts.flatMap((part) => part.fragments.map((fragment) => startUs(part, fragment)));
  const origin = starts.reduce((least, start) => Math.min(least, start), Infinity);
  const tables = new Map<number, Table>();
  for (const part of parts) for (const fragment of part.fragments) add(tables, part, fragment, origin);
  const tracks = [...tables.keys()].sort((a, b) => a - b);
  const shown = Math.max(origin, recording.fromUs);
  const hidden = Math.floor(((shown - origin) * SCALE) / 1_000_000);
  const meta = description(recording, shown, tracks);
  const size = movie(tables, tracks, hidden, 0).length;
  return { moov: movie(tables, tracks, hidden, before + meta.length + size), meta };
}

function startUs(part: Part, fragment: Fragment): number {
  return part.startUs + Math.floor((fragment.decodeTime * 1_000_000) / track(part, fragment).timescale);
}

function track(part: Part, fragment: Fragment): Track {
  const found = part.tracks.get(fragment.track);
  if (!found) throw new Flaw("moov", "A fragment is of a track that its segment does not have.");
  return found;
}

function add(tables: Map<number, Table>, part: Part, fragment: Fragment & { position: number }, origin: number): void {
  const format = track(part, fragment);
  const start = Math.floor(((part.startUs - origin) * format.timescale) / 1_000_000) + fragment.decodeTime;
  let table = tables.get(fragment.track);
  if (table) meet(table, start);
  else {
    const lists = { durations: [], sizes: [], shifts: [], keys: [], chunks: [], offsets: [] };
    tables.set(fragment.track, (table = { formats: [], first: start, end: start, ...lists }));
  }
  let number = table.formats.findIndex((one) => one.timescale === format.timescale && equal(one.entry, format.entry));
  if (number < 0) number = table.formats.push(format) - 1;
  table.chunks.push([fragment.rows.length / 4, number + 1]);
  table.offsets.push(fragment.position + fragment.headSize);
  for (let at = 0; at < fragment.rows.length; at += 4) {
    const duration = nth(fragment.rows, at);
    table.durations.push(duration);
    table.sizes.push(nth(fragment.rows, at + 1));
    table.shifts.push(nth(fragment.rows, at + 3));
    if (nth(fragment.rows, at + 2) === SYNC) table.keys.push(table.sizes.length);
    table.end += duration;
  }
}

/** Lengthen or shorten the last sample up to `start`. */
function meet(table: Table, start: number): void {
  const last = nth(table.durations, -1);
  const changed = Math.min(MAX_STEP, Math.max(0, last + start - table.end));
  table.durations[table.durations.length - 1] = changed;
  table.end += changed - last;
}

function movie(tables: ReadonlyMap<number, Table>, tracks: readonly number[], hidden: number, base: number): Bytes {
  const ends: number[] = [0];
  const traks = tracks.map((id) => {
    const table = tables.get(id);
    if (!table) throw new Flaw("moov", "A track is missing.");
    const { edits, end } = editList(table, hidden);
    ends.push(end);
    return trak(id, table, end, edits, base);
  });
  const duration = Math.max(...ends);
  const times = concat(wide(0), wide(0), numbers(SCALE), wide(duration));
  const rest = concat(numbers(0x10000), Uint8Array.of(1, 0), new Uint8Array(10), MATRIX, new Uint8Array(24));
  return box("moov", full("mvhd", 1, 0, times, rest, numbers(Math.max(...tracks) + 1)), ...traks);
}

function editList(table: Table, hidden: number): { edits: Bytes; end: number } {
  const scale = nth(table.formats, 0).timescale;
  const begin = Math.floor((table.first * SCALE) / scale) - hidden;
  const end = Math.max(0, Math.floor((table.end * SCALE) / scale) - hidden);
  const late = Math.min(Math.max(0, begin), end);
  const skipped = Math.floor((Math.max(0, -begin) * scale) / SCALE);
  const rows = late ? [concat(wide(late), wide(-1), numbers(0x10000))] : [];
  rows.push(concat(wide(end - late), wide(skipped), numbers(0x10000)));
  return { edits: box("edts", full("elst", 1, 0, numbers(rows.length), ...rows)), end };
}

function trak(id: number, table: Table, end: number, edits: Bytes, base: number): Bytes {
  const format = nth(table.formats, 0);
  const { handler: type } = format;
  const sound = type === "soun";
  const place = concat(new Uint8Array(8), shorts(0, sound ? 1 : 0, sound ? 0x100 : 0), new Uint8Array(2));
  const ids = concat(wide(0), wide(0), numbers(id, 0), wide(end));
  const size = shorts(format.width, 0, format.height, 0);
  const header = full("tkhd", 1, 3, ids, place, MATRIX, size);
  const media = concat(wide(0), wide(0), numbers(format.timescale), wide(table.end - table.first), shorts(0x55c4, 0));
  const handler = concat(numbers(0), utf8(type), new Uint8Array(12), utf8("Tawny\0"));
  const place2 = box("dinf", full("dref", 0, 0, numbers(1), full("url ", 0, 1)));
  const information = box("minf", mediaHeader(type), place2, box("stbl", ...sampleTables(id, table, base)));
  return box("trak", header, edits, box("mdia", full("mdhd", 1, 0, media), full("hdlr", 0, 0, handler), information));
}

function mediaHeader(handler: Handler): Bytes {
  switch (handler) {
    case "vide":
      return full("vmhd", 0, 1, new Uint8Array(8));
    case "soun":
      return full("smhd", 0, 0, new Uint8Array(4));
    case "meta":
      return full("nmhd", 0, 0);
  }
}

function sampleTables(id: number, table: Table, base: number): Bytes[] {
  const entries = table.formats.map((format) => format.entry);
  const chunks = table.chunks
    .map((chunk, at) => [at + 1, ...chunk])
    .filter(([, samples, number], at) => {
      const before = table.chunks[at - 1];
      return before?.[0] !== samples || before?.[1] !== number;
    });
  const made = [
    full("stsd", 0, 0, numbers(entries.length), ...entries),
    rows("stts", 0, runs(table.durations)),
    rows("stsc", 0, chunks),
    full("stsz", 0, 0, numbers(0, table.sizes.length), list(table.sizes)),
  ];
  if (table.shifts.some((shift) => shift !== 0)) made.push(rows("ctts", 1, runs(table.shifts)));
  if (id === VIDEO_TRACK) made.push(full("stss", 0, 0, numbers(table.keys.length), list(table.keys)));
  const offsets = concat(...table.offsets.map((offset) => wide(base + offset)));
  return [...made, full("co64", 0, 0, numbers(table.offsets.length), offsets)];
}

/** How often each value stands in a row, and the value. */
function runs(values: readonly number[]): number[][] {
  const found: [number, number][] = [];
  for (const value of values) {
    const last = found.at(-1);
    if (last?.[1] === value) last[0] += 1;
    else found.push([1, value]);
  }
  return found;
}

function description(recording: Recording, shownUs: number, tracks: readonly number[]): Bytes {
  const handler = full("hdlr", 0, 0, new Uint8Array(4), utf8("null"), new Uint8Array(13));
  const exported = Math.floor(recording.exportedUs / 1_000_000) + FROM_1904_S;
  const source = strings(recording.camera.name, "", "", recording.stream);
  const sources = tracks.map((id) => concat(shorts(id), source));
  const unit = concat(strings(recording.recorder.name, "", ""), wide(exported), strings(recording.exportedBy));
  const suep = full("suep", 1, 0, unit, numbers(tracks.length), ...sources);
  const start = new Uint8Array(8);
  new DataView(start.buffer).setBigUint64(0, 10n * (BigInt(shownUs) + FROM_1601_US));
  const cstb = box("cstb", numbers(tracks.length), ...tracks.map((id) => concat(numbers(id), start)));
  return full("meta", 0, 0, handler, suep, cstb);
}

function strings(...texts: readonly string[]): Bytes {
  return concat(...texts.map((text) => utf8(`${text.replaceAll("\0", "")}\0`)));
}

function box(type: string, ...parts: readonly Bytes[]): Bytes {
  return concat(numbers(8 + parts.reduce((sum, part) => sum + part.length, 0)), utf8(type), ...parts);
}

function full(type: string, version: number, flags: number, ...parts: readonly Bytes[]): Bytes {
  return box(type, numbers(version * 2 ** 24 + flags), ...parts);
}

function rows(type: string, version: number, table: readonly (readonly number[])[]): Bytes {
  return full(type, version, 0, numbers(table.length), list(table.flat()));
}

function list(values: readonly number[]): Bytes {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => view.setUint32(4 * at, value));
  return bytes;
}

function numbers(...values: readonly number[]): Bytes {
  return list(values);
}

function shorts(...values: readonly number[]): Bytes {
  const bytes = new Uint8Array(2 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => view.setUint16(2 * at, value));
  return bytes;
}

function wide(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value));
  return bytes;
}
