import { expect, it } from "vitest";

import { HOUR_US } from "../../text/time";
import { lifetimes } from "./lifetimes";

const values = (hoursLeft: number) => lifetimes(0, hoursLeft * HOUR_US).map(({ value }) => value);

it("a link lasts no longer than what it leads to", () => {
  expect(values(7 * 24)).toEqual(["1", "24", "72", "168"]);
  expect(values(30 * 24)).toEqual(["1", "24", "72", "168", "720"]);
  expect(values(50)).toEqual(["1", "24"]);
});

it("a minute after the export was made a link may still last as long as it", () => {
  expect(values(7 * 24 - 1 / 60)).toContain("168");
});

it("there is always one to choose", () => {
  expect(values(0)).toEqual(["1"]);
});

it("is named in hours and days", () => {
  expect(lifetimes(0, null).map(({ label }) => label)).toEqual(["1 hour", "1 day", "3 days", "7 days", "30 days"]);
});
