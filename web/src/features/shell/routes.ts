import { formatMoment, parseMoment } from "../../text/time";

/** Every view is a URL, so that it can be sent to a colleague. */
export type Route =
  | { view: "wall"; grid: GridSize | null; page: number }
  | { view: "camera"; id: string; atUs: number | null }
  | TimelineRoute
  | { view: "devices" }
  | { view: "add-camera" }
  | { view: SystemView }
  | { view: "shared" }
  | { view: "design" }
  | { view: "unknown" };

/** Several recordings in step; *cameras* is null where nobody has chosen any. */
export type TimelineRoute = { view: "timeline"; cameras: readonly string[] | null; atUs: number | null; main: boolean };

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
    case "/devices":
      return { view: "devices" };
    case "/devices/add":
      return { view: "add-camera" };
    case "/shared":
      return { view: "shared" };
    case "/design":
      return { view: "design" };
    default:
      return cameraRoute(path, query) ?? systemRoute(path) ?? { view: "unknown" };
  }
}

function wallRoute(query: URLSearchParams): Route {
  const grid = gridSizes.find((size) => String(size) === query.get("grid")) ?? null;
  const page = Number(query.get("page") ?? "1");
  return { view: "wall", grid, page: Number.isSafeInteger(page) && page >= 1 ? page : 1 };
}

/** So many recordings are decoded at a time. */
export const MOST_IN_STEP = 9;

function timelineRoute(query: URLSearchParams): Route {
  const named = query.get("cameras");
  const cameras = named === null ? null : named.split(",").filter((id) => /^[A-Za-z0-9_]{1,64}$/.test(id));
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
  return id === undefined ? null : { view: "camera", id, atUs: parseMoment(query.get("t") ?? "") };
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
      // A colon may stand in a query; a person reads it better than %3A.
      return `/cameras/${route.id}${route.atUs === null ? "" : `?t=${formatMoment(route.atUs)}`}`;
    case "timeline":
      return timelineHref(route);
    case "devices":
      return "/devices";
    case "add-camera":
      return "/devices/add";
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
  const members = [
    ...(cameras === null ? [] : [`cameras=${cameras.join(",")}`]),
    ...(atUs === null ? [] : [`t=${formatMoment(atUs)}`]),
    ...(main ? ["stream=main"] : []),
  ];
  return members.length > 0 ? `/timeline?${members.join("&")}` : "/timeline";
}

export const wallHref = hrefOf({ view: "wall", grid: null, page: 1 });
export const cameraHref = (id: string, atUs: number | null = null) => hrefOf({ view: "camera", id, atUs });
