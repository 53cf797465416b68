import { expect, it } from "vitest";

import type { CameraEvent } from "../../api/gen";
import { atOf, byDay, markOf, matches, wantedOf, withTold } from "./eventList";

function event(id: string, at: string, given: Partial<CameraEvent> = {}): CameraEvent {
  return {
    id,
    camera: "cam_1",
    kind: "motion",
    title: "Motion",
    at,
    until: at,
    camera_at: null,
    received_at: at,
    topic: "",
    source: {},
    data: {},
    classes: [],
    by: "camera",
    ...given,
  };
}

const [early, noon, late] = ["08:00", "12:00", "22:30"].map((time) => `2026-11-22T${time}:00Z`) as [
  string,
  string,
  string,
];
const ids = (events: CameraEvent[]) => events.map(({ id }) => id);

it("what is told is put where its time is, and an end is written into what is there", () => {
  const listed = [event("b", late, { until: null }), event("a", early)];

  const shown = withTold(listed, [event("c", noon), event("b", late, { title: "Over" })], {}, true);

  expect(ids(shown)).toEqual(["b", "c", "a"]);
  expect(shown[0]?.until).toBe(late);
});

it("what is told of another camera, kind or day does not appear in a list that leaves it out", () => {
  const wanted = wantedOf({ view: "events", cameras: ["cam_1"], kinds: ["motion"], day: "2026-11-22" }, "UTC");

  expect(matches(event("a", noon), wanted)).toBe(true);
  expect(matches(event("a", noon, { camera: "cam_2" }), wanted)).toBe(false);
  expect(matches(event("a", noon, { kind: "line" }), wanted)).toBe(false);
  expect(matches(event("a", "2026-11-23T00:00:00Z"), wanted)).toBe(false);
  expect(matches(event("a", "2026-11-21T23:59:59Z"), wanted)).toBe(false);
});

it("what is older than a list reaches waits until the list goes on", () => {
  expect(ids(withTold([event("b", noon)], [event("a", early)], {}, false))).toEqual(["b"]);
  expect(ids(withTold([event("b", noon)], [event("a", early)], {}, true))).toEqual(["b", "a"]);
});

it("days are those of the recorder's zone", () => {
  const listed = [event("c", "2026-11-22T23:30:00Z"), event("b", late), event("a", early)];

  expect(byDay(listed, "UTC").map(({ events }) => ids(events))).toEqual([["c", "b", "a"]]);
  expect(byDay(listed, "Europe/Berlin").map(({ events }) => ids(events))).toEqual([["c"], ["b", "a"]]);
});

it("on the timeline an event lasts up to now until it has ended", () => {
  const now = atOf(event("x", late));

  expect(markOf(event("a", noon, { until: null, kind: "tamper", title: "" }), now)).toEqual({
    fromUs: atOf(event("x", noon)),
    toUs: now,
    kind: "alarm",
    name: "Tampering",
  });
});
