import { expect, it } from "vitest";

import { parseCsv, writeCsv } from "./csv";

it("what was written is read as it was", () => {
  const lines = [
    ["address", "name"],
    ["192.168.1.20", 'The "old" gate, left'],
    ["cam.local", "two\nlines"],
    ["10.0.0.1", " spaces "],
    ["fe80::1", "=cmd|' /C calc'!A0"],
    ["10.0.0.2", "-1"],
    ["10.0.0.3", "'quoted'"],
    ["10.0.0.4", "'=1"],
  ];

  expect(parseCsv(writeCsv(lines))).toEqual(lines);
});

it("a name that a spreadsheet would run is kept a text", () => {
  expect(writeCsv([["=HYPERLINK(1)", "@x", "+1", "plain"]])).toBe("'=HYPERLINK(1),'@x,'+1,plain\r\n");
});

it("lists of other programs are read too", () => {
  expect(parseCsv('\uFEFFaddress;name\r\n10.0.0.1;"Gate; left"\r\n\r\n')).toEqual([
    ["address", "name"],
    ["10.0.0.1", "Gate; left"],
  ]);
  expect(parseCsv("address\tname\n10.0.0.1\tGate")).toEqual([
    ["address", "name"],
    ["10.0.0.1", "Gate"],
  ]);
});

it("a quotation mark inside an unquoted cell is a letter; one that never closes takes the rest", () => {
  expect(parseCsv('a,6" wide\n')).toEqual([["a", '6" wide']]);
  expect(parseCsv('a,"b\nc')).toEqual([["a", "b\nc"]]);
  expect(parseCsv("")).toEqual([]);
});
