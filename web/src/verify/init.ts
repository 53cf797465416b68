/** The init segment at the beginning of a recorded segment: its tracks' formats (`docs/reference/evidence.md`, "The index"). */

import { ascii, Flaw, nth, u32, type Bytes } from "./bytes";

/** Picture, sound, or what the camera tells beside them. */
export type Handler = "vide" | "soun" | "meta";

export interface Track {
  readonly id: number;
  readonly timescale: number;
  /** The sample entry, as the recorder wrote it. */
  readonly entry: Bytes;
  readonly handler: Handler;
  readonly width: number;
  readonly height: number;
}

const HANDLERS = new Set<string>(["vide", "soun", "meta"] satisfies Handler[]);
const HEADER = 8;

interface Inner {
  readonly type: string;
  readonly whole: Bytes;
  readonly body: Bytes;
}

function inner(bytes: Bytes): Inner[] {
  const found: Inner[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = bytes.length - at < HEADER ? 0 : u32(bytes, at);
    if (size < HEADER || size > bytes.length - at)
      throw new Flaw("footage", "A piece of footage has a damaged beginning.");
    const whole = bytes.slice(at, at + size);
    found.push({ type: ascii(whole.subarray(4, HEADER)), whole, body: whole.slice(HEADER) });
    at += size;
  }
  return found;
}

function find(bytes: Bytes, ...path: readonly string[]): Bytes {
  return path.reduce((body, type) => {
    const box = inner(body).find((one) => one.type === type);
    if (!box) throw new Flaw("footage", "A piece of footage has a damaged beginning.");
    return box.body;
  }, bytes);
}

/** The tracks in `moov` (a whole box), by id. */
export function readTracks(moov: Bytes): ReadonlyMap<number, Track> {
  const traks = inner(moov.slice(HEADER)).filter((box) => box.type === "trak");
  return new Map(traks.map((trak) => readTrack(trak.body)).map((track) => [track.id, track]));
}

function isHandler(handler: string): handler is Handler {
  return HANDLERS.has(handler);
}

function readTrack(trak: Bytes): Track {
  const descriptions = find(trak, "mdia", "minf", "stbl", "stsd");
  const entry = nth(inner(descriptions.slice(8)), 0);
  const handler = ascii(find(trak, "mdia", "hdlr").subarray(8, 12));
  if (!isHandler(handler)) throw new Flaw("footage", "A piece of footage has a damaged beginning.");
  const video = handler === "vide";
  const size = new DataView(entry.body.buffer, entry.body.byteOffset, entry.body.byteLength);
  return {
    id: u32(find(trak, "tkhd"), 20),
    timescale: u32(find(trak, "mdia", "mdhd"), 20),
    entry: entry.whole,
    handler,
    width: video ? size.getUint16(24) : 0,
    height: video ? size.getUint16(26) : 0,
  };
}
