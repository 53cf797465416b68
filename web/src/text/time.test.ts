import { describe, expect, it } from "vitest";

import {
  addDays,
  dayRange,
  formatMoment,
  fromWall,
  HOUR_US,
  isZone,
  parseMoment,
  parseWallInput,
  toWall,
  wallInput,
  weeksOf,
} from "./time";

const BERLIN = "Europe/Berlin";
const at = (text: string) => parseMoment(text) ?? Number.NaN;

describe("moments", () => {
  it("keep microseconds both ways", () => {
    for (const text of ["2026-11-22T17:04:05.123456Z", "2026-11-22T17:04:05.5Z", "1970-01-01T00:00:00Z"]) {
      expect(formatMoment(at(text))).toBe(text);
    }
  });

  it("are read with any offset and with more digits than we keep", () => {
    expect(at("2026-11-22T18:04:05+01:00")).toBe(at("2026-11-22T17:04:05Z"));
    expect(at("2026-11-22T17:04:05.123456789z")).toBe(at("2026-11-22T17:04:05.123456Z"));
  });

  it("are nothing when the text is no moment", () => {
    for (const text of ["", "yesterday", "2026-11-22", "2026-11-22T17:04:05", "2026-13-40T99:00:00Z"]) {
      expect(parseMoment(text)).toBeNull();
    }
  });
});

describe("wall clocks", () => {
  it("show the zone's time", () => {
    expect(wallInput(at("2026-11-22T17:04:05Z"), BERLIN)).toBe("2026-11-22T18:04:05");
    expect(toWall(at("2026-07-01T22:30:00Z"), "Asia/Kathmandu")).toMatchObject({ day: 2, hour: 4, minute: 15 });
  });

  it("lead back to the moment", () => {
    for (const zone of ["UTC", BERLIN, "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]) {
      const us = at("2026-11-22T17:04:05Z");
      expect(fromWall(toWall(us, zone), zone)).toBe(us);
    }
  });

  it("that show an hour twice mean the first", () => {
    expect(parseWallInput("2026-10-25T02:30:00", BERLIN)).toBe(at("2026-10-25T00:30:00Z"));
  });

  it("that leave an hour out go on behind it", () => {
    expect(parseWallInput("2026-03-29T02:30:00", BERLIN)).toBe(at("2026-03-29T01:30:00Z"));
  });

  it("typed by halves are nothing", () => {
    expect(parseWallInput("2026-03-29", BERLIN)).toBeNull();
    expect(parseWallInput("", BERLIN)).toBeNull();
  });
});

describe("days", () => {
  const hours = (year: number, month: number, day: number, zone: string) => {
    const { fromUs, toUs } = dayRange({ year, month, day }, zone);
    return (toUs - fromUs) / HOUR_US;
  };

  it("have 23, 24 or 25 hours", () => {
    expect(hours(2026, 3, 29, BERLIN)).toBe(23);
    expect(hours(2026, 3, 30, BERLIN)).toBe(24);
    expect(hours(2026, 10, 25, BERLIN)).toBe(25);
    expect(hours(2026, 10, 4, "Australia/Lord_Howe")).toBe(23.5);
  });

  it("begin after midnight where the clock skips it", () => {
    // Chile's clocks go from 24:00 to 01:00.
    const { fromUs } = dayRange({ year: 2026, month: 9, day: 6 }, "America/Santiago");

    expect(wallInput(fromUs, "America/Santiago")).toBe("2026-09-06T01:00:00");
  });

  it("follow one another across months and leap years", () => {
    expect(addDays({ year: 2028, month: 2, day: 28 }, 1)).toEqual({ year: 2028, month: 2, day: 29 });
    expect(addDays({ year: 2026, month: 12, day: 31 }, 1)).toEqual({ year: 2027, month: 1, day: 1 });
  });

  it("fill whole weeks from Monday, none missing", () => {
    const weeks = weeksOf(2026, 11);

    expect(weeks.every((week) => week.length === 7)).toBe(true);
    expect(weeks.flat().filter(Boolean)).toHaveLength(30);
    expect(weeks[0]?.findIndex(Boolean)).toBe(6);
  });
});

it("a zone that nobody knows is told apart", () => {
  expect(isZone(BERLIN)).toBe(true);
  expect(isZone("Mars/Olympus_Mons")).toBe(false);
});
