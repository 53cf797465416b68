/** The little MP4 that the page makes itself: an init segment for FLAC, and audio fragments (ISO/IEC 14496-12). */

export interface AudioSample {
  duration: number;
  data: Uint8Array;
}

const UNITY_MATRIX = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000].flatMap(u32);
const UNDETERMINED = [0x55, 0xc4]; // ISO 639-2 "und", packed

function u16(value: number): number[] {
  return [(value >>> 8) & 255, value & 255];
}

function u32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

function u64(value: number): number[] {
  return [...u32(Math.floor(value / 2 ** 32)), ...u32(value >>> 0)];
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

function zeros(count: number): number[] {
  return new Array<number>(count).fill(0);
}

function box(type: string, ...parts: number[][]): number[] {
  const body = parts.flat();
  return [...u32(body.length + 8), ...ascii(type), ...body];
}

function fullBox(type: string, version: number, flags: number, ...parts: number[][]): number[] {
  return box(type, [version, (flags >>> 16) & 255, (flags >>> 8) & 255, flags & 255], ...parts);
}

function emptyTable(type: string): number[] {
  return fullBox(type, 0, 0, u32(0));
}

/** The `fLaC` sample entry with its STREAMINFO in `dfLa` (Encapsulation of FLAC in ISO BMFF, 3.3). */
function flacEntry(rate: number, channels: number, streamInfo: number[]): number[] {
  const configuration = fullBox("dfLa", 0, 0, [0x80, ...u32(streamInfo.length).slice(1)], streamInfo);
  const shown = rate < 0x1_0000 ? rate : 0; // a 16.16 field; larger rates stand in STREAMINFO only
  return box("fLaC", zeros(6), u16(1), zeros(8), u16(channels), u16(16), zeros(4), u16(shown), u16(0), configuration);
}

function soundTrack(track: number, rate: number, entry: number[]): number[] {
  const description = fullBox("stsd", 0, 0, u32(1), entry);
  const sizes = fullBox("stsz", 0, 0, zeros(8));
  const tables = box("stbl", description, emptyTable("stts"), emptyTable("stsc"), sizes, emptyTable("stco"));
  const reference = box("dinf", fullBox("dref", 0, 0, u32(1), fullBox("url ", 0, 1)));
  const information = box("minf", fullBox("smhd", 0, 0, zeros(4)), reference, tables);
  const header = fullBox("mdhd", 0, 0, zeros(8), u32(rate), u32(0), UNDETERMINED, zeros(2));
  const handler = fullBox("hdlr", 0, 0, u32(0), ascii("soun"), zeros(13));
  const trackHeader = [zeros(8), u32(track), zeros(12), zeros(8), [1, 0, 0, 0], UNITY_MATRIX, zeros(8)];
  return box("trak", fullBox("tkhd", 0, 3, ...trackHeader), box("mdia", header, handler, information));
}

/** An init segment of one FLAC track. */
export function flacInit(o: {
  track: number;
  rate: number;
  channels: number;
  streamInfo: number[];
}): Uint8Array<ArrayBuffer> {
  const times = [zeros(8), u32(1000), u32(0), u32(0x1_0000), [1, 0], zeros(10)];
  const header = fullBox("mvhd", 0, 0, ...times, UNITY_MATRIX, zeros(24), u32(o.track + 1));
  const defaults = box("mvex", fullBox("trex", 0, 0, u32(o.track), u32(1), zeros(12)));
  const track = soundTrack(o.track, o.rate, flacEntry(o.rate, o.channels, o.streamInfo));
  const brands = box("ftyp", ascii("iso6"), u32(0), ascii("iso6"));
  return new Uint8Array([...brands, ...box("moov", header, track, defaults)]);
}

/** One fragment of audio samples, beginning at `decodeTime` ticks. */
export function audioFragment(
  track: number,
  decodeTime: number,
  samples: readonly AudioSample[],
): Uint8Array<ArrayBuffer> {
  const fields = samples.flatMap((sample) => [...u32(sample.duration), ...u32(sample.data.length)]);
  const moof = (offset: number): number[] => {
    const run = fullBox("trun", 0, 0x301, u32(samples.length), u32(offset), fields);
    const header = fullBox("tfhd", 0, 0x02_0000, u32(track));
    return box("moof", fullBox("mfhd", 0, 0, u32(1)), box("traf", header, fullBox("tfdt", 1, 0, u64(decodeTime)), run));
  };
  const head = moof(moof(0).length + 8);
  const size = samples.reduce((sum, sample) => sum + sample.data.length, 0);
  const bytes = new Uint8Array(head.length + 8 + size);
  bytes.set([...head, ...u32(size + 8), ...ascii("mdat")]);
  let at = head.length + 8;
  for (const sample of samples) {
    bytes.set(sample.data, at);
    at += sample.data.length;
  }
  return bytes;
}
