import { describe, expect, test } from "vitest";

import { codedNumber, flacFrames, streamInfo } from "./flac";

/** What a verbatim mono frame holds, read back. */
function verbatim(frame: Uint8Array, headerSize: number): number[] {
  const view = new DataView(frame.buffer, frame.byteOffset + headerSize + 1);
  const count = (frame.length - headerSize - 3) / 2;
  return Array.from({ length: count }, (_, index) => view.getInt16(2 * index));
}

function crc(bytes: Uint8Array, bits: number, polynomial: number): number {
  let value = 0;
  for (const byte of bytes) {
    value ^= byte << (bits - 8);
    for (let round = 0; round < 8; round++) {
      value = (value >> (bits - 1)) & 1 ? ((value << 1) ^ polynomial) & ((1 << bits) - 1) : value << 1;
    }
  }
  return value;
}

describe("G.711 as FLAC", () => {
  test("keeps every sample: A-law's loudest, softest and silence", () => {
    const [frame] = flacFrames(Uint8Array.of(0xaa, 0x2a, 0xd5, 0x55), "pcma", 1, 0);

    // Sync, rate and shape are 4 bytes, then the number, the size (2) and a checksum.
    expect(frame && verbatim(frame.data, 8)).toEqual([32256, -32256, 8, -8]);
  });

  test("keeps every sample: mu-law's loudest, softest and silence", () => {
    const [frame] = flacFrames(Uint8Array.of(0x80, 0x00, 0xff, 0x7f), "pcmu", 1, 0);

    expect(frame && verbatim(frame.data, 8)).toEqual([32124, -32124, 0, 0]);
  });

  test("has checksums that are right", () => {
    const [frame] = flacFrames(new Uint8Array(320).fill(0x12), "pcma", 1, 8000);
    const data = frame?.data ?? new Uint8Array();
    const header = 4 + codedNumber(8000).length + 2;

    expect(crc(data.subarray(0, header + 1), 8, 0x07)).toBe(0);
    expect(crc(data, 16, 0x8005)).toBe(0);
  });

  test("cuts long runs into blocks that follow one another", () => {
    const frames = flacFrames(new Uint8Array(10_000), "pcma", 1, 0);

    expect(frames.map((frame) => frame.duration)).toEqual([4096, 4096, 1808]);
    expect([...(frames[1]?.data.subarray(4, 7) ?? [])]).toEqual(codedNumber(4096));
  });

  test("codes numbers as RFC 9639 does", () => {
    expect(codedNumber(0x7f)).toEqual([0x7f]);
    expect(codedNumber(0x80)).toEqual([0xc2, 0x80]);
    expect(codedNumber(0x7ff)).toEqual([0xdf, 0xbf]);
    expect(codedNumber(0x800)).toEqual([0xe0, 0xa0, 0x80]);
    expect(codedNumber(2 ** 36 - 1)).toEqual([0xfe, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf, 0xbf]);
  });

  test("states rate, channels and 16 bits in 34 bytes", () => {
    const info = streamInfo(8000, 1);

    expect(info).toHaveLength(34);
    expect(info.slice(10, 14)).toEqual([0x01, 0xf4, 0x00, 0xf0]);
  });
});
