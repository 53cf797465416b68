import { expect, it } from "vitest";

import { parseMoment } from "../../text/time";
import { cameraHref, hrefOf, type Route, routeOf, systemViews } from "./routes";

const opened = (href: string) => {
  const url = new URL(href, "http://tawny.test");
  return routeOf(url.pathname, url.search);
};

it("several recordings, a moment and their resolution are an address", () => {
  const route = { view: "timeline", cameras: ["cam_a", "cam_b"], atUs: 1_795_348_800_000_000, main: true } as const;

  expect(hrefOf(route)).toBe("/timeline?cameras=cam_a,cam_b&t=2026-11-22T12:00:00Z&stream=main");
  expect(routeOf("/timeline", "?cameras=cam_a,cam_b&t=2026-11-22T12:00:00Z&stream=main")).toEqual(route);
  expect(routeOf("/timeline", "")).toEqual({ view: "timeline", cameras: null, atUs: null, main: false });
});

it("an address can't ask for more cameras than are shown in step, nor for what is no camera", () => {
  const many = Array.from({ length: 30 }, (_, i) => `cam_${i}`).join(",");

  const route = routeOf("/timeline", `?cameras=../etc,${many}`);

  expect(route.view === "timeline" && route.cameras?.length).toBe(9);
  expect(route.view === "timeline" && route.cameras?.[0]).toBe("cam_0");
});

it("every address that we make leads back to its view", () => {
  const routes: Exclude<Route, { view: "unknown" }>[] = [
    { view: "wall", grid: null, page: 1 },
    { view: "wall", grid: 9, page: 3 },
    { view: "camera", id: "cam_01", atUs: null, part: "about" },
    { view: "camera", id: "cam_01", atUs: 1_795_367_045_250_000, part: "settings" },
    { view: "events", cameras: [], kinds: [], day: null },
    { view: "events", cameras: ["cam_01", "cam_02"], kinds: ["motion", "line"], day: "2026-11-22" },
    { view: "devices" },
    { view: "add-camera" },
    { view: "add-camera", swap: "cam_01" },
    { view: "add-many", found: [] },
    { view: "add-many", found: [], again: "bat_01" },
    { view: "add-many", found: ["fnd_1", "urn:uuid:2"] },
    { view: "batch", id: "bat_01" },
    { view: "removed-camera", id: "cam_01", atUs: 1_795_367_045_250_000 },
    ...systemViews.map((view) => ({ view })),
    { view: "shared" },
    { view: "design" },
  ];
  for (const route of routes) expect(opened(hrefOf(route))).toEqual(route);
});

it("a moment in an address is readable", () => {
  expect(cameraHref("cam_1", parseMoment("2026-11-22T17:04:05Z"))).toBe("/cameras/cam_1?t=2026-11-22T17:04:05Z");
});

it("what is wrong in an address is left out, never fatal", () => {
  expect(opened("/?grid=7&page=-2")).toEqual({ view: "wall", grid: null, page: 1 });
  expect(opened("/?page=1e99")).toEqual({ view: "wall", grid: null, page: 1 });
  expect(opened("/cameras/cam_1?t=noon")).toEqual({ view: "camera", id: "cam_1", atUs: null, part: "about" });
  expect(opened("/cameras/cam_1?part=nonsense")).toMatchObject({ part: "about" });
  expect(opened("/events?kind=nonsense,motion&day=2026-13-40&camera=../x")).toEqual({
    view: "events",
    cameras: [],
    kinds: ["motion"],
    day: null,
  });
  expect(opened("/cameras/..%2F..%2Fetc")).toEqual({ view: "unknown" });
  expect(opened(`/cameras/${"x".repeat(65)}`)).toEqual({ view: "unknown" });
  expect(opened("/nowhere")).toEqual({ view: "unknown" });
});

it("a slash too many is forgiven", () => {
  expect(opened("/devices/")).toEqual({ view: "devices" });
});
