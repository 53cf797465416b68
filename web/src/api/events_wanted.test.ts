import { expect, it } from "vitest";

import { eventsQuery } from "./events_wanted";

it("a list without wishes asks for all events", () => {
  expect(eventsQuery({ cameras: [], kinds: [] })).toEqual({});
});

it("lists stand with commas, moments as the API writes them", () => {
  const query = eventsQuery({
    cameras: ["cam_a", "cam_b"],
    kinds: ["person", "pet"],
    fromUs: 1_795_348_800_000_000,
    toUs: 1_795_348_801_000_000,
    before: "c1",
    limit: 50,
  });

  expect(query).toEqual({
    camera: "cam_a,cam_b",
    kind: "person,pet",
    from: "2026-11-22T12:00:00Z",
    to: "2026-11-22T12:00:01Z",
    before: "c1",
    limit: "50",
  });
});
