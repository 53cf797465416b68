import { expect, it } from "vitest";

import { events } from "../../text/events";
import { kindGroups, kindOf, lookOf, withGroup } from "./kinds";

it("every kind belongs to one group, and has words", () => {
  const grouped = kindGroups.flatMap(({ kinds }) => [...kinds]);

  expect([...grouped].sort()).toEqual(Object.keys(events.kind).sort());
  expect(new Set(grouped).size).toBe(grouped.length);
});

it("a kind that a newer recorder knows looks like any other event", () => {
  expect(kindOf("dragon")).toBe("other");
  expect(lookOf("dragon")).toEqual(lookOf("other"));
  expect(lookOf("toString")).toEqual(lookOf("other"));
});

it("a group is added to the choice and taken from it, in one order", () => {
  expect(withGroup(["input", "relay"], ["motion"], true)).toEqual(["motion", "input", "relay"]);
  expect(withGroup(["motion", "input", "relay"], ["input", "relay"], false)).toEqual(["motion"]);
});
