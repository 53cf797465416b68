import { expect, test } from "vitest";

import { Labels } from "./labels";

const NOON_US = Date.UTC(2026, 10, 22, 12, 0, 5) * 1000;

test("times are told in the zone given, as the app writes them", () => {
  const labels = new Labels("Europe/Berlin");

  expect(labels.text(NOON_US, "second")).toBe("13:00:05");
  expect(labels.text(NOON_US, "minute")).toBe("13:00");
  expect(labels.text(NOON_US, "day")).toBe("Sun, 22 Nov");
});

test("a zone that nobody knows is UTC", () => {
  expect(new Labels("Mars/Olympus").text(NOON_US, "minute")).toBe("12:00");
});
