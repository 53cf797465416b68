/**
 * G.711 as FLAC, since no browser's Media Source plays G.711 (RFC 9639, verbatim subframes: exact, and 1.2 ms of CPU
 * per second of sound).
 *
 * The stream has variable block sizes, so that each run of samples becomes one frame whatever its length.
 */

export type Law = "pcma" | "pcmu";

const MAX_BLOCK = 4096; // RFC 9639, 7: within the streamable subset's 4608 at rates up to 48 kHz
const MIN_BLOCK = 16;

/** ITU-T G.711, table 1a: A-law, even bits inverted. */
function expandA(code: number): number {
  const value = code ^ 0x55;
  const exponent = (value >> 4) & 7;
  const mantissa = value & 15;
  const magnitude = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
  return value & 0x80 ? magnitude : -magnitude;
}

/** ITU-T G.711, table 2a: mu-law, all bits inverted. */
function expandMu(code: number): number {
  const value = ~code & 0xff;
  const magnitude = ((((value & 15) << 3) + 0x84) << ((value >> 4) & 7)) - 0x84;
  return value & 0x80 ? -magnitude : magnitude;
}

function table(entry: (index: number) => number): Int16Array {
  return Int16Array.from({ length: 256 }, (_, index) => entry(index));
}

const LINEAR: Record<Law, Int16Array> = { pcma: table(expandA), pcmu: table(expandMu) };

/** The code of silence, for filling holes. */
export const SILENCE: Record<Law, number> = { pcma: 0xd5, pcmu: 0xff };

function crcTable(bits: number, polynomial: number): Uint16Array {
  const [top, mask] = [1 << (bits - 1), (1 << bits) - 1];
  return Uint16Array.from({ length: 256 }, (_, index) => {
    let crc = index << (bits - 8);
    for (let round = 0; round < 8; round++) crc = (crc & top ? (crc << 1) ^ polynomial : crc << 1) & mask;
    return crc;
  });
}

const CRC8 = crcTable(8, 0x07);
const CRC16 = crcTable(16, 0x8005);

function crc8(bytes: readonly number[]): number {
  return bytes.reduce((crc, byte) => CRC8[crc ^ byte] ?? 0, 0);
}

function crc16(bytes: Uint8Array, end: number): number {
  let crc = 0;
  for (let at = 0; at < end; at++) crc = ((crc << 8) ^ (CRC16[(crc >> 8) ^ (bytes[at] ?? 0)] ?? 0)) & 0xffff;
  return crc;
}

/** RFC 9639, 9.1.5: the coded number, like UTF-8 extended to 36 bits. */
export function codedNumber(value: number): number[] {
  if (value < 0x80) return [value];
  const tail: number[] = [];
  let rest = value;
  let room = 0x40;
  while (rest >= room) {
    tail.unshift(0x80 | (rest % 64));
    rest = Math.floor(rest / 64);
    room /= 2;
  }
  return [((0xff ^ (room * 2 - 1)) & 0xff) | rest, ...tail];
}

/** STREAMINFO (RFC 9639, 8.2): 16 bits a sample, lengths and digest unknown. */
export function streamInfo(rate: number, channels: number): number[] {
  const rateAndShape = [rate >> 12, (rate >> 4) & 255, ((rate & 15) << 4) | ((channels - 1) << 1), 0xf0];
  const blocks = [0, MIN_BLOCK, MAX_BLOCK >> 8, MAX_BLOCK & 255];
  return [...blocks, ...new Array<number>(6).fill(0), ...rateAndShape, ...new Array<number>(20).fill(0)];
}

/** One FLAC frame of `codes` (interleaved where there are two channels), at most `MAX_BLOCK` samples a channel. */
function frame(codes: Uint8Array, law: Law, channels: number, first: number): Uint8Array<ArrayBuffer> {
  const linear = LINEAR[law];
  const length = Math.floor(codes.length / channels);
  // Variable blocks (0xfff9); size in 16 bits, rate from STREAMINFO (0x70); channels, 16 bits a sample.
  const header = [0xff, 0xf9, 0x70, ((channels - 1) << 4) | 0x08, ...codedNumber(first)];
  header.push((length - 1) >> 8, (length - 1) & 255);
  header.push(crc8(header));
  const bytes = new Uint8Array(header.length + channels * (1 + 2 * length) + 2);
  bytes.set(header);
  let at = header.length;
  for (let channel = 0; channel < channels; channel++) {
    bytes[at++] = 0x02; // verbatim subframe, no wasted bits
    for (let index = channel; index < length * channels; index += channels) {
      const value = linear[codes[index] ?? 0] ?? 0;
      bytes[at++] = (value >> 8) & 255;
      bytes[at++] = value & 255;
    }
  }
  const crc = crc16(bytes, at);
  bytes.set([crc >> 8, crc & 255], at);
  return bytes;
}

/** FLAC frames of G.711 `codes` whose first sample has the number `first`. */
export function flacFrames(
  codes: Uint8Array,
  law: Law,
  channels: number,
  first: number,
): { duration: number; data: Uint8Array<ArrayBuffer> }[] {
  const frames = [];
  for (let at = 0; at < codes.length; at += MAX_BLOCK * channels) {
    const block = codes.subarray(at, at + MAX_BLOCK * channels);
    const duration = Math.floor(block.length / channels);
    if (duration > 0) frames.push({ duration, data: frame(block, law, channels, first + at / channels) });
  }
  return frames;
}
