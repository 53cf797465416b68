/** One stored fragment: `prft moof mdat` in the one form that the recorder writes. */

import { Flaw, hex, u32, u64, type Bytes } from "./bytes";

export interface Fragment {
  readonly track: number;
  readonly decodeTime: number;
  readonly duration: number;
  /** Bytes from the fragment's beginning to its first sample, and of all of it. */
  readonly headSize: number;
  readonly size: number;
  /** Duration, size, flags and composition offset of each sample, as they stand in `trun`. */
  readonly rows: Uint32Array;
}

export const SYNC = 0x02000000;
const PRFT_SIZE = 32;
const FIXED_SIZE = 88; // of moof, before the rows
const ROW_SIZE = 16;
const MAX_SAMPLES = 4096;
const MDAT_HEADER = 8;

/** The fragment that `bytes` are; a Flaw for any other form. */
export function readFragment(bytes: Bytes): Fragment {
  if (bytes.length < PRFT_SIZE + FIXED_SIZE + ROW_SIZE + MDAT_HEADER) throw other();
  const at = PRFT_SIZE;
  const [track, decodeTime, count] = [u32(bytes, at + 44), u64(bytes, at + 60), u32(bytes, at + 80)];
  const moofSize = FIXED_SIZE + ROW_SIZE * count;
  const headSize = PRFT_SIZE + moofSize + MDAT_HEADER;
  if (count < 1 || count > MAX_SAMPLES || bytes.length < headSize) throw other();
  check(bytes, 0, [PRFT_SIZE, "prft", 0x01000018, track], u64(bytes, 24) === decodeTime);
  check(bytes, at, [moofSize, "moof", 16, "mfhd", 0], true);
  check(bytes, at + 24, [moofSize - 24, "traf", 16, "tfhd", 0x020000, track, 20, "tfdt", 0x01000000], true);
  check(bytes, at + 68, [moofSize - 68, "trun", 0x01000f01, count, moofSize + MDAT_HEADER], true);
  const rows = new Uint32Array(4 * count);
  for (let n = 0; n < rows.length; n++) rows[n] = u32(bytes, at + FIXED_SIZE + 4 * n);
  let [duration, media] = [0, 0];
  for (let n = 0; n < rows.length; n += 4) {
    duration += rows[n] ?? 0;
    media += rows[n + 1] ?? 0;
  }
  check(bytes, at + moofSize, [MDAT_HEADER + media, "mdat"], headSize + media === bytes.length);
  return { track, decodeTime, duration, headSize, size: bytes.length, rows };
}

/** Compare 32-bit numbers and four-letter types with the bytes from `at` on. */
function check(bytes: Bytes, at: number, wanted: readonly (number | string)[], holds: boolean): void {
  const fits = wanted.every((one, n) => {
    const place = at + 4 * n;
    return typeof one === "number" ? u32(bytes, place) === one : hex(bytes.subarray(place, place + 4)) === letters(one);
  });
  if (!fits || !holds) throw other();
}

function letters(type: string): string {
  return hex(new TextEncoder().encode(type));
}

function other(): Flaw {
  return new Flaw("footage", "A piece of footage is not in the form in which it was recorded.");
}
