import { expect, test } from "vitest";
import { fromHex } from "./bytes";
import { decode, Tagged } from "./cbor";

test.each([
  // RFC 8949, appendix A
  ["1903e8", 1000],
  ["1b000000e8d4a51000", 1_000_000_000_000],
  ["3903e7", -1000],
  ["f6", null],
  ["f5", true],
  ["6449455446", "IETF"],
  ["4401020304", Uint8Array.of(1, 2, 3, 4)],
  ["8301820203820405", [1, [2, 3], [4, 5]]],
  ["c074323031332d30332d32315432303a30343a30305a", new Tagged(0, "2013-03-21T20:04:00Z")],
])("%s is what the standard says", (digits, value) => {
  expect(decode(fromHex(digits))).toEqual(value);
});

test("a map keeps its names", () => {
  expect(decode(fromHex("a26161016162820203"))).toEqual(
    new Map<string, unknown>([
      ["a", 1],
      ["b", [2, 3]],
    ]),
  );
});

test.each([
  "",
  "18",
  "5f",
  "9f01ff",
  "a2616101616102",
  "1bffffffffffffffff",
  "9b00000000ffffffff",
  "0101",
  "81".repeat(40) + "01",
])("%s is refused", (digits) => {
  expect(() => decode(fromHex(digits))).toThrow();
});
