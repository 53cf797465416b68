import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { hex } from "./bytes";
import { Sha256 } from "./sha256";

const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // FIPS 180-2, appendix B.1

test("nothing and abc have the hashes of the standard", () => {
  const nothing = new Sha256().digest();
  const abc = new Sha256().update(new TextEncoder().encode("abc")).digest();

  expect([hex(nothing), hex(abc)]).toEqual([EMPTY, ABC]);
});

test.each([1, 55, 56, 57, 63, 64, 65, 119, 120, 1000, 100_003])(
  "%i bytes in uneven pieces have the hash of the whole",
  (size) => {
    const bytes = Uint8Array.from({ length: size }, (_, at) => (at * 31) & 255);
    const hash = new Sha256();

    for (let at = 0, step = 1; at < size; at += step, step = (step * 7) % 97 || 1) {
      hash.update(bytes.subarray(at, Math.min(size, at + step)));
    }

    expect(hex(hash.digest())).toBe(createHash("sha256").update(bytes).digest("hex"));
  },
);
