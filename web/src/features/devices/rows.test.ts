import { describe, expect, it } from "vitest";

import { csvOfRows, emptyRow, itemOf, nameOf, nameOfAddress, numbered, placeOf, rowsOfCsv, wrongWith } from "./rows";

describe("a file of cameras", () => {
  it("is read by the names of its columns, in any order", () => {
    const read = rowsOfCsv(
      "Name,Sub URL,ADDRESS,password,user\nGate,,192.168.1.20,p;w,admin\n,,10.0.0.2,,\nnobody,,,,\n",
    );

    expect(read?.skipped).toBe(1);
    expect(read?.rows).toMatchObject([
      { address: "192.168.1.20", name: "Gate", user: "admin", password: "p;w" },
      { address: "10.0.0.2", name: "10.0.0.2", user: "", password: "" },
    ]);
  });

  it("is refused where no column is the address", () => {
    expect(rowsOfCsv("one,two\n1,2")).toBeNull();
    expect(rowsOfCsv("")).toBeNull();
  });

  it("is written without passwords, and read again", () => {
    const rows = [emptyRow({ address: "10.0.0.1", name: 'A "b", c', user: "admin", password: "very secret" })];

    const written = csvOfRows(rows);

    expect(written).not.toContain("secret");
    expect(rowsOfCsv(written)?.rows).toMatchObject([
      { address: "10.0.0.1", name: 'A "b", c', user: "admin", password: "" },
    ]);
  });
});

describe("a list of cameras", () => {
  const gate = emptyRow({ address: "10.0.0.1", name: "Gate" });

  it("needs an address and a name in every line, and no camera twice", () => {
    expect(wrongWith([gate, emptyRow({ address: "10.0.0.2", name: " " })])).toBe("incomplete");
    expect(wrongWith([gate, emptyRow({ address: " 10.0.0.1", name: "Yard" })])).toBe("twice");
    expect(wrongWith([gate, emptyRow({ address: "10.0.0.1", name: "Yard", channel: "2" })])).toBeNull();
    expect(wrongWith(Array.from({ length: 513 }, () => gate))).toBe("tooMany");
  });

  it("asks for a login only where a line has one", () => {
    expect(itemOf(gate)).toEqual({ address: "10.0.0.1", name: "Gate" });
    expect(itemOf({ ...gate, user: "admin" })).toEqual({
      address: "10.0.0.1",
      name: "Gate",
      user: "admin",
      password: "",
    });
  });

  it("is named by number so that names sort as they count", () => {
    const names = numbered(
      Array.from({ length: 10 }, () => gate),
      "Hall",
    ).map(({ name }) => name);

    expect([names[0], names[9]]).toEqual(["Hall 01", "Hall 10"]);
  });
});

it("a device without a name is called by what it is, and else by where it is", () => {
  expect(nameOf({ name: "Gate", make: "A", model: "B", host: "10.0.0.1" })).toBe("Gate");
  expect(nameOf({ name: " ", make: "A", model: "", host: "10.0.0.1" })).toBe("A");
  expect(nameOf({ name: "", make: "", model: "", host: "10.0.0.1" })).toBe("10.0.0.1");
});

it("what was typed is called by its host", () => {
  expect(nameOfAddress("http://192.0.2.7:8000/onvif/device_service")).toBe("192.0.2.7");
  expect(nameOfAddress("rtsp://[fe80::1]/a")).toBe("[fe80::1]");
  expect(nameOfAddress("gate.local")).toBe("gate.local");
  expect(nameOfAddress('{"uuid":"a very long text of a code"}')).toHaveLength(24);
});

it("a device stands with its port where it has one of its own", () => {
  expect(placeOf({ address: "http://192.0.2.7/onvif/device_service", host: "192.0.2.7" })).toBe("192.0.2.7");
  expect(placeOf({ address: "http://192.0.2.7:8001/onvif/device_service", host: "192.0.2.7" })).toBe("192.0.2.7:8001");
  expect(placeOf({ address: "rtsp://[fe80::1]:554/", host: "fe80::1" })).toBe("fe80::1:554");
});
