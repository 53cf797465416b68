import { expect, it } from "vitest";

import { bitrate, bytes, clockTime, codecName, dateAndTime, days, duration, frameRate, span, zoneName } from "./format";
import { parseMoment } from "./time";

const at = (text: string) => parseMoment(text) ?? Number.NaN;

it("times show seconds in the zone asked for", () => {
  expect(clockTime(at("2026-11-22T23:04:05Z"), "Europe/Berlin")).toBe("00:04:05");
  expect(dateAndTime(at("2026-11-22T23:04:05Z"), "Europe/Berlin")).toBe("Mon, 23 Nov 2026, 00:04:05");
});

it("a span names its day once where it has but one", () => {
  const from = at("2026-11-22T12:00:00Z");
  expect(span(from, at("2026-11-22T12:30:00Z"), "UTC")).toBe("Sun, 22 Nov 2026, 12:00:00 – 12:30:00");
  expect(span(from, at("2026-11-23T01:00:00Z"), "UTC")).toBe("Sun, 22 Nov 2026, 12:00:00 – Mon, 23 Nov 2026, 01:00:00");
});

it("the zone is named with its offset of that day", () => {
  expect(zoneName("Europe/Berlin", at("2026-11-22T12:00:00Z"))).toBe("Europe/Berlin (UTC+1)");
  expect(zoneName("Europe/Berlin", at("2026-07-22T12:00:00Z"))).toBe("Europe/Berlin (UTC+2)");
  expect(zoneName("America/St_Johns", at("2026-11-22T12:00:00Z"))).toBe("America/St Johns (UTC-3:30)");
  expect(zoneName("Europe/London", at("2026-11-22T12:00:00Z"))).toBe("Europe/London (UTC)");
  expect(zoneName("UTC", 0)).toBe("UTC");
  expect(zoneName("Etc/UTC", 0)).toBe("UTC");
});

it("a duration names its two largest units", () => {
  expect(duration(0)).toBe("0 s");
  expect(duration(59.6)).toBe("1 min");
  expect(duration(312)).toBe("5 min 12 s");
  expect(duration(86_400 + 3 * 3600 + 59)).toBe("1 d 3 h");
  expect(duration(-5)).toBe("0 s");
});

it("amounts have few digits", () => {
  expect(bytes(0)).toBe("0 B");
  expect(bytes(999_600)).toBe("1.0 MB");
  expect(bytes(412_300_000_000)).toBe("412 GB");
  expect(bitrate(4_100_000)).toBe("4.1 Mbit/s");
  expect(frameRate(24.98)).toBe("25 fps");
  expect(frameRate(12.5)).toBe("12.5 fps");
  expect(days(8.64)).toBe("8.6 d");
  expect(days(0.5)).toBe("12 h");
});

it("codecs have the names that people know", () => {
  expect(codecName("h265")).toBe("H.265");
  expect(codecName("pcma")).toBe("G.711 A-law");
  expect(codecName("vp9")).toBe("VP9");
});
