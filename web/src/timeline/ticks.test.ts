import { describe, expect, test } from "vitest";

import { localMultiples, ruler, steps } from "./ticks";
import { zoneOf } from "./zone";

const HOUR_S = 3600;
const DAY_S = 86_400;

function utc(text: string): number {
  return Date.parse(text) / 1000;
}

function iso(seconds: number[]): string[] {
  return seconds.map((each) => new Date(each * 1000).toISOString().slice(0, 16));
}

describe("days in a zone with summer time", () => {
  const berlin = zoneOf("Europe/Berlin");

  test("begin at local midnight, so that one has 25 hours and one 23", () => {
    const autumn = localMultiples(berlin, utc("2026-10-24T00:00Z"), utc("2026-10-27T00:00Z"), DAY_S);
    const spring = localMultiples(berlin, utc("2026-03-28T12:00Z"), utc("2026-03-30T12:00Z"), DAY_S);

    expect(iso(autumn)).toEqual(["2026-10-24T22:00", "2026-10-25T23:00", "2026-10-26T23:00"]);
    expect(iso(spring)).toEqual(["2026-03-28T23:00", "2026-03-29T22:00"]);
  });

  test("have a mark for each of their 25 or 23 hours", () => {
    const autumn = localMultiples(berlin, utc("2026-10-24T22:00Z"), utc("2026-10-25T22:59Z"), HOUR_S);
    const spring = localMultiples(berlin, utc("2026-03-28T23:00Z"), utc("2026-03-29T21:59Z"), HOUR_S);

    expect([autumn.length, spring.length]).toEqual([25, 23]);
  });

  test("keep every sixth local hour on both sides of the change", () => {
    const marks = localMultiples(berlin, utc("2026-10-24T22:00Z"), utc("2026-10-25T20:00Z"), 6 * HOUR_S);

    expect(iso(marks)).toEqual(["2026-10-24T22:00", "2026-10-25T05:00", "2026-10-25T11:00", "2026-10-25T17:00"]);
  });
});

test("a day whose midnight does not exist begins when the clock goes forward", () => {
  const santiago = zoneOf("America/Santiago"); // on 6 September 2026, 24:00 became 01:00

  const marks = localMultiples(santiago, utc("2026-09-05T00:00Z"), utc("2026-09-08T00:00Z"), DAY_S);

  expect(iso(marks)).toEqual(["2026-09-05T04:00", "2026-09-06T04:00", "2026-09-07T03:00"]);
});

test("offsets of three quarters of an hour are kept", () => {
  const marks = localMultiples(zoneOf("Asia/Kathmandu"), utc("2026-11-22T00:00Z"), utc("2026-11-22T02:00Z"), HOUR_S);

  expect(iso(marks)).toEqual(["2026-11-22T00:15", "2026-11-22T01:15"]);
});

test("weeks begin on Monday", () => {
  const marks = localMultiples(zoneOf("UTC"), utc("2026-11-18T00:00Z"), utc("2026-12-02T00:00Z"), 7 * DAY_S);

  expect(marks.map((seconds) => new Date(seconds * 1000).getUTCDay())).toEqual([1, 1]);
});

test("a zone that nobody knows is UTC", () => {
  expect(zoneOf("Mars/Olympus").offsetS(utc("2026-11-22T00:00Z"))).toBe(0);
});

test("labels have room at every zoom, seconds when zoomed in", () => {
  const at = (spanS: number): number => steps({ fromUs: 0, toUs: spanS * 1e6, width: 1000 }).stepS;

  expect([60, 600, HOUR_S, DAY_S, 31 * DAY_S].map(at)).toEqual([5, 60, 300, 7200, 7 * DAY_S]);
});

test("the first mark of a day is known as such, and nothing is without bounds", () => {
  const fromUs = utc("2026-11-21T20:00Z") * 1e6;

  const { labelled, small } = ruler({ fromUs, toUs: fromUs + 8 * HOUR_S * 1e6, width: 1000 }, zoneOf("Europe/Berlin"));

  expect(iso(labelled.filter((tick) => tick.day).map((tick) => tick.us / 1e6))).toEqual(["2026-11-21T23:00"]);
  expect(small.length).toBeLessThan(1000 / 7 + 2);
});
