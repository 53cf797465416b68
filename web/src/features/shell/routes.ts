import { formatMoment, parseMoment } from "../../text/time";
import { type EventKind, isEventKind } from "../events/kinds";

/** Every view is a URL, so that it can be sent to a colleague. */
export type Route =
  | { view: "wall"; grid: GridSize | null; page: number }
  | CameraRoute
  | TimelineRoute
  | EventsRoute
  | { view: "devices" }
  | { view: "add-camera"; swap?: string }
  | { view: "add-many"; found: readonly string[]; again?: string }
  | { view: "batch"; id: string }
  | { view: "removed-camera"; id: string; atUs: number | null }
  | { view: SystemView }
  | { view: "shared" }
  | { view: "design" }
  | { view: "unknown" };

/** Several recordings in step; *cameras* is null where nobody has chosen any. */
export type TimelineRoute = { view: "timeline"; cameras: readonly string[] | null; atUs: number | null; main: boolean };

/** A camera's page; *part* is what stands beside the picture. */
export type CameraRoute = { view: "camera"; id: string; atUs: number | null; part: CameraPart };
export const cameraParts = ["about", "control", "events", "settings"] as const;
export type CameraPart = (typeof cameraParts)[number];

/** What happened; without cameras of all of them, without kinds of all kinds. *day* is `YYYY-MM-DD`. */
export type EventsRoute = {
  view: "events";
  cameras: readonly string[];
  kinds: readonly EventKind[];
  day: string | null;
};

/** The parts of System, and the paths they have. */
export const systemPaths = {
  system: "/system",
  storage: "/system/storage",
  holds: "/system/holds",
  exports: "/system/exports",
  shares: "/system/shares",
  evidence: "/system/evidence",
  sheet: "/system/evidence/sheet",
  verify: "/system/verify",
} as const;
export type SystemView = keyof typeof systemPaths;
export const systemViews = Object.keys(systemPaths) as SystemView[];

export const gridSizes = [1, 4, 9, 16] as const;
export type GridSize = (typeof gridSizes)[number];

export function routeOf(pathname: string, search: string): Route {
  const query = new URLSearchParams(search);
  const path = pathname.replace(/\/+$/, "") || "/";
  switch (path) {
    case "/":
    case "/login":
    case "/setup":
      return wallRoute(query);
    case "/timeline":
      return timelineRoute(query);
    case "/events":
      return eventsRoute(query);
    case "/devices":
      return { view: "devices" };
    case "/devices/add":
      return addRoute(query);
    case "/devices/many":
      return manyRoute(query);
    case "/shared":
      return { view: "shared" };
    case "/design":
      return { view: "design" };
    default:
      return cameraRoute(path, query) ?? deviceRoute(path, query) ?? systemRoute(path) ?? { view: "unknown" };
  }
}

function wallRoute(query: URLSearchParams): Route {
  const grid = gridSizes.find((size) => String(size) === query.get("grid")) ?? null;
  const page = Number(query.get("page") ?? "1");
  return { view: "wall", grid, page: Number.isSafeInteger(page) && page >= 1 ? page : 1 };
}

/** So many recordings are decoded at a time. */
export const MOST_IN_STEP = 9;

const idsOf = (list: string) => list.split(",").filter((id) => /^[A-Za-z0-9_]{1,64}$/.test(id));

function eventsRoute(query: URLSearchParams): Route {
  const day = query.get("day") ?? "";
  return {
    view: "events",
    cameras: idsOf(query.get("camera") ?? ""),
    kinds: (query.get("kind") ?? "").split(",").filter(isEventKind),
    day: /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : null,
  };
}

function addRoute(query: URLSearchParams): Route {
  const [swap] = idsOf(query.get("swap") ?? "");
  return swap === undefined ? { view: "add-camera" } : { view: "add-camera", swap };
}

function manyRoute(query: URLSearchParams): Route {
  const found = (query.get("found") ?? "").split(",").filter((id) => id !== "");
  const [again] = idsOf(query.get("again") ?? "");
  return { view: "add-many", found, ...(again !== undefined && { again }) };
}

function deviceRoute(path: string, query: URLSearchParams): Route | null {
  const [, what, id] = /^\/devices\/(batches|removed)\/([A-Za-z0-9_]{1,64})$/.exec(path) ?? [];
  if (id === undefined) return null;
  return what === "batches"
    ? { view: "batch", id }
    : { view: "removed-camera", id, atUs: parseMoment(query.get("t") ?? "") };
}

function timelineRoute(query: URLSearchParams): Route {
  const named = query.get("cameras");
  const cameras = named === null ? null : idsOf(named);
  return {
    view: "timeline",
    cameras: cameras?.slice(0, MOST_IN_STEP) ?? null,
    atUs: parseMoment(query.get("t") ?? ""),
    main: query.get("stream") === "main",
  };
}

function systemRoute(path: string): Route | null {
  const view = systemViews.find((each) => systemPaths[each] === path);
  return view === undefined ? null : { view };
}

function cameraRoute(path: string, query: URLSearchParams): Route | null {
  const id = /^\/cameras\/([A-Za-z0-9_]{1,64})$/.exec(path)?.[1];
  if (id === undefined) return null;
  const part = cameraParts.find((each) => each === query.get("part")) ?? "about";
  return { view: "camera", id, atUs: parseMoment(query.get("t") ?? ""), part };
}

export function hrefOf(route: Exclude<Route, { view: "unknown" }>): string {
  switch (route.view) {
    case "wall": {
      const query = new URLSearchParams();
      if (route.grid !== null) query.set("grid", String(route.grid));
      if (route.page > 1) query.set("page", String(route.page));
      return query.size > 0 ? `/?${query.toString()}` : "/";
    }
    case "camera":
      return withQuery(`/cameras/${route.id}`, [
        route.atUs === null ? "" : `t=${formatMoment(route.atUs)}`,
        route.part === "about" ? "" : `part=${route.part}`,
      ]);
    case "timeline":
      return timelineHref(route);
    case "events":
      return withQuery("/events", [
        route.cameras.length > 0 ? `camera=${route.cameras.join(",")}` : "",
        route.kinds.length > 0 ? `kind=${route.kinds.join(",")}` : "",
        route.day === null ? "" : `day=${route.day}`,
      ]);
    case "devices":
      return "/devices";
    case "add-camera":
      return route.swap === undefined ? "/devices/add" : `/devices/add?swap=${route.swap}`;
    case "add-many":
      return withQuery("/devices/many", [
        route.found.length > 0 ? `found=${route.found.map(encodeURIComponent).join(",")}` : "",
        route.again === undefined ? "" : `again=${route.again}`,
      ]);
    case "batch":
      return `/devices/batches/${route.id}`;
    case "removed-camera":
      return withQuery(`/devices/removed/${route.id}`, [route.atUs === null ? "" : `t=${formatMoment(route.atUs)}`]);
    case "shared":
      return "/shared";
    case "design":
      return "/design";
    case "system":
    case "storage":
    case "holds":
    case "exports":
    case "shares":
    case "evidence":
    case "sheet":
    case "verify":
      return systemPaths[route.view];
  }
}

function timelineHref({ cameras, atUs, main }: TimelineRoute): string {
  return withQuery("/timeline", [
    cameras === null ? "" : `cameras=${cameras.join(",")}`,
    atUs === null ? "" : `t=${formatMoment(atUs)}`,
    main ? "stream=main" : "",
  ]);
}

/** What is empty is left out. A colon and a comma may stand in a query; a person reads them better than %3A. */
function withQuery(path: string, members: readonly string[]): string {
  const query = members.filter(Boolean).join("&");
  return query === "" ? path : `${path}?${query}`;
}

export const wallHref = hrefOf({ view: "wall", grid: null, page: 1 });
export const cameraHref = (id: string, atUs: number | null = null, part: CameraPart = "about") =>
  hrefOf({ view: "camera", id, atUs, part });
