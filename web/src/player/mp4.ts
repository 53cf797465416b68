/**
 * A minimal reader of our own fragmented MP4 (ISO/IEC 14496-12; `docs/design/programs.md`, "MP4").
 *
 * It reads the one form that the recorder writes and refuses everything else with a RangeError: init segments of
 * one track, and fragments `(prft? moof mdat)*` whose `moof` holds one `traf` with one `trun`.
 */

export interface VideoDescription {
  kind: "video";
  track: number;
  timescale: number;
  codec: "h264" | "h265" | "mjpeg";
  /** RFC 6381, from the decoder configuration itself, e.g. `avc1.640028`. */
  codecString: string;
  width: number;
  height: number;
  /** The avcC or hvcC record; empty for MJPEG. */
  configuration: Uint8Array<ArrayBuffer>;
}

export interface AudioDescription {
  kind: "audio";
  track: number;
  timescale: number;
  codec: "aac" | "opus" | "pcma" | "pcmu";
  codecString: string;
  channels: number;
}

export type TrackDescription = VideoDescription | AudioDescription;

export interface Sample {
  /** Decode time and composition offset in ticks of the track. */
  decodeTime: number;
  shift: number;
  duration: number;
  key: boolean;
  data: Uint8Array<ArrayBuffer>;
}

interface Box {
  type: string;
  body: Uint8Array<ArrayBuffer>;
  start: number;
}

const CONTAINERS = new Set(["moov", "trak", "mdia", "minf", "stbl", "moof", "traf", "mvex"]);
const MAX_SAMPLES = 100_000;
const JPEG = 0x6c;
const NON_SYNC = 0x0001_0000;

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function fourcc(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + 4));
}

/** The boxes that lie one after the other in `bytes`. */
export function* boxes(bytes: Uint8Array<ArrayBuffer>): Generator<Box> {
  const data = view(bytes);
  for (let start = 0; start < bytes.length;) {
    if (start + 8 > bytes.length) throw new RangeError("a box is cut short");
    const size = data.getUint32(start);
    if (size < 8 || start + size > bytes.length) throw new RangeError(`a box of ${size} bytes at ${start}`);
    yield { type: fourcc(bytes, start + 4), body: bytes.subarray(start + 8, start + size), start };
    start += size;
  }
}

function collect(bytes: Uint8Array<ArrayBuffer>, into: Map<string, Uint8Array<ArrayBuffer>>): void {
  for (const box of boxes(bytes)) {
    if (CONTAINERS.has(box.type)) collect(box.body, into);
    else if (!into.has(box.type)) into.set(box.type, box.body);
  }
}

function needed(found: ReadonlyMap<string, Uint8Array<ArrayBuffer>>, type: string): Uint8Array<ArrayBuffer> {
  const body = found.get(type);
  if (!body) throw new RangeError(`no ${type} box`);
  return body;
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** RFC 6381: `avc1.` and profile, constraints and level of the avcC (ISO/IEC 14496-15, 5.3.3). */
export function avcCodecString(avcc: Uint8Array): string {
  return `avc1.${[...avcc.subarray(1, 4)].map(hex).join("")}`;
}

/** ISO/IEC 14496-15, annex E.3: profile, reversed compatibility flags, tier and level, constraint bytes. */
export function hevcCodecString(hvcc: Uint8Array): string {
  const head = view(hvcc);
  const first = head.getUint8(1);
  const space = ["", "A", "B", "C"][first >> 6] ?? "";
  let compatibility = 0;
  for (let bit = 0; bit < 32; bit++) compatibility |= ((head.getUint32(2) >>> bit) & 1) << (31 - bit);
  const constraints = [...hvcc.subarray(6, 12)];
  while (constraints.at(-1) === 0) constraints.pop();
  const tier = (first & 0x20) === 0 ? "L" : "H";
  const parts = [
    `hvc1.${space}${first & 31}`,
    (compatibility >>> 0).toString(16).toUpperCase(),
    `${tier}${head.getUint8(12)}`,
  ];
  return [...parts, ...constraints.map((byte) => byte.toString(16).toUpperCase())].join(".");
}

function jpegEntry(entry: Uint8Array<ArrayBuffer>, track: number, timescale: number): VideoDescription {
  const inner = new Map<string, Uint8Array<ArrayBuffer>>();
  collect(entry.subarray(78), inner);
  const esds = needed(inner, "esds");
  // The object type stands first in the decoder's descriptor (ISO/IEC 14496-1, 7.2.6.6).
  if (esds[descriptorBody(esds, descriptorBody(esds, 4, 3) + 3, 4)] !== JPEG) throw new RangeError("mp4v, yet no JPEG");
  const [width, height] = [view(entry).getUint16(24), view(entry).getUint16(26)];
  const configuration = new Uint8Array();
  return { kind: "video", track, timescale, codec: "mjpeg", codecString: "mp4v.6C", width, height, configuration };
}

function videoEntry(type: string, entry: Uint8Array<ArrayBuffer>, track: number, timescale: number): VideoDescription {
  const inner = new Map<string, Uint8Array<ArrayBuffer>>();
  collect(entry.subarray(78), inner);
  const h264 = type === "avc1" || type === "avc3";
  const configuration = needed(inner, h264 ? "avcC" : "hvcC").slice();
  if (configuration.length < (h264 ? 7 : 23)) throw new RangeError("a decoder configuration is cut short");
  return {
    kind: "video",
    track,
    timescale,
    codec: h264 ? "h264" : "h265",
    codecString: h264 ? avcCodecString(configuration) : hevcCodecString(configuration),
    width: view(entry).getUint16(24),
    height: view(entry).getUint16(26),
    configuration,
  };
}

/** Where the content of the descriptor at `at` begins; its length is coded in 1-4 bytes (ISO/IEC 14496-1, 8.3.3). */
function descriptorBody(esds: Uint8Array, at: number, tag: number): number {
  if (esds[at] !== tag) throw new RangeError(`no descriptor ${tag} in esds`);
  let body = at + 1;
  while ((esds[body] ?? 0) & 0x80) body++;
  return body + 1;
}

/** The audio object type: the first 5 bits of the AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1). */
function aacCodecString(esds: Uint8Array): string {
  const stream = descriptorBody(esds, 4, 3);
  const decoder = descriptorBody(esds, stream + 3, 4);
  const config = descriptorBody(esds, decoder + 13, 5);
  return `mp4a.40.${(esds[config] ?? 0) >> 3 || 2}`;
}

function audioEntry(type: string, entry: Uint8Array<ArrayBuffer>, track: number, timescale: number): AudioDescription {
  const channels = Math.max(1, view(entry).getUint16(16));
  if (type === "alaw") return { kind: "audio", track, timescale, codec: "pcma", codecString: "alaw", channels };
  if (type === "ulaw") return { kind: "audio", track, timescale, codec: "pcmu", codecString: "ulaw", channels };
  if (type === "Opus") return { kind: "audio", track, timescale, codec: "opus", codecString: "opus", channels };
  const inner = new Map<string, Uint8Array<ArrayBuffer>>();
  collect(entry.subarray(28), inner);
  const codecString = aacCodecString(needed(inner, "esds"));
  return { kind: "audio", track, timescale, codec: "aac", codecString, channels };
}

/** What an init segment says of its (first) track. */
export function readInit(bytes: Uint8Array<ArrayBuffer>): TrackDescription {
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  collect(bytes, found);
  const [tkhd, mdhd] = [view(needed(found, "tkhd")), view(needed(found, "mdhd"))];
  const track = tkhd.getUint32(tkhd.getUint8(0) === 1 ? 20 : 12);
  const timescale = mdhd.getUint32(mdhd.getUint8(0) === 1 ? 20 : 12);
  if (timescale === 0) throw new RangeError("a timescale of 0");
  const [entry] = boxes(needed(found, "stsd").subarray(8));
  if (!entry) throw new RangeError("no sample entry");
  switch (entry.type) {
    case "avc1":
    case "avc3":
    case "hvc1":
    case "hev1":
      return videoEntry(entry.type, entry.body, track, timescale);
    case "mp4v":
      return jpegEntry(entry.body, track, timescale);
    case "mp4a":
    case "Opus":
    case "alaw":
    case "ulaw":
      return audioEntry(entry.type, entry.body, track, timescale);
    default:
      throw new RangeError(`a sample entry ${entry.type}`);
  }
}

/** Fields of `trun` by flag (ISO/IEC 14496-12, 8.8.8). */
function readRun(trun: Uint8Array, decodeTime: number, media: Uint8Array<ArrayBuffer>, mediaStart: number): Sample[] {
  const data = view(trun);
  const flags = data.getUint32(0) & 0xff_ffff;
  const count = data.getUint32(4);
  if (count > MAX_SAMPLES) throw new RangeError(`a fragment of ${count} samples`);
  if (!(flags & 0x1) || !(flags & 0x100) || !(flags & 0x200)) throw new RangeError("a trun without sizes or durations");
  let at = 12;
  let offset = data.getInt32(8) - mediaStart;
  const firstFlags = flags & 0x4 ? data.getUint32((at += 4) - 4) : null;
  const samples: Sample[] = [];
  for (let index = 0; index < count; index++) {
    const duration = data.getUint32(at);
    const size = data.getUint32(at + 4);
    at += 8;
    const own = flags & 0x400 ? data.getUint32((at += 4) - 4) : 0;
    const shift = flags & 0x800 ? data.getInt32((at += 4) - 4) : 0;
    if (offset < 0 || offset + size > media.length) throw new RangeError("a sample outside its mdat");
    const key = ((index === 0 && firstFlags !== null ? firstFlags : own) & NON_SYNC) === 0;
    samples.push({ decodeTime, shift, duration, key, data: media.subarray(offset, offset + size) });
    offset += size;
    decodeTime += duration;
  }
  return samples;
}

/** The samples, in decode order, of whole fragments. They are views into `bytes`. */
export function readFragments(bytes: Uint8Array<ArrayBuffer>): Sample[] {
  const samples: Sample[] = [];
  let moof: Box | null = null;
  for (const box of boxes(bytes)) {
    if (box.type === "moof") moof = box;
    if (box.type !== "mdat" || !moof) continue;
    const found = new Map<string, Uint8Array<ArrayBuffer>>();
    collect(moof.body, found);
    const tfdt = view(needed(found, "tfdt"));
    const decodeTime = tfdt.getUint8(0) === 1 ? Number(tfdt.getBigInt64(4)) : tfdt.getUint32(4);
    // default-base-is-moof: offsets count from the moof's first byte.
    samples.push(...readRun(needed(found, "trun"), decodeTime, box.body, box.start + 8 - moof.start));
    moof = null;
  }
  return samples;
}
