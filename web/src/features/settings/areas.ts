/** Areas of a picture, as corners in parts of its width and height. */

import type { Area } from "../../api/gen";

export type Corner = [number, number];

const FEWEST_CORNERS = 3;
/** No more than a person can hold apart; cameras take fewer. */
const MOST_CORNERS = 16;
/** A new area: a quarter of the picture, in its middle. */
const FIRST_HALF = 0.125;
const STEP_ASIDE = 0.06;

const within = (part: number) => Math.min(1, Math.max(0, part));
/** Finer than any picture has pixels, and short to write. */
const rounded = (part: number) => Math.round(part * 1e4) / 1e4;
const put = ([x, y]: Corner): Corner => [rounded(within(x)), rounded(within(y))];

/** One more area, beside those that stand in the middle already. */
export function newArea(among: readonly Area[], kind: Area["kind"]): Area {
  const aside = (among.length % 6) * STEP_ASIDE;
  const [left, top] = [0.5 - FIRST_HALF + aside, 0.5 - FIRST_HALF + aside];
  const [right, bottom] = [left + 2 * FIRST_HALF, top + 2 * FIRST_HALF];
  const points = [put([left, top]), put([right, top]), put([right, bottom]), put([left, bottom])];
  return { points, kind: among[0]?.kind ?? kind, enabled: true };
}

/** Whether the area is a rectangle that stands upright. */
export function isRectangle({ points }: Area): boolean {
  const xs = new Set(points.map(([x]) => x));
  const ys = new Set(points.map(([, y]) => y));
  return points.length === 4 && xs.size === 2 && ys.size === 2;
}

/** The area with one corner elsewhere; a rectangle stays one unless *free*. */
export function withCorner(area: Area, index: number, to: Corner, free: boolean): Area {
  const from = area.points[index];
  if (!from) return area;
  const [x, y] = put(to);
  const rectangle = !free && isRectangle(area);
  const points = area.points.map((corner, i): Corner => {
    if (i === index) return [x, y];
    if (!rectangle) return corner;
    return [corner[0] === from[0] ? x : corner[0], corner[1] === from[1] ? y : corner[1]];
  });
  return { ...area, points };
}

/** The area moved, as far as the picture reaches. */
export function movedArea(area: Area, dx: number, dy: number): Area {
  const xs = area.points.map(([x]) => x);
  const ys = area.points.map(([, y]) => y);
  const right = Math.min(1 - Math.max(...xs), Math.max(-Math.min(...xs), dx));
  const down = Math.min(1 - Math.max(...ys), Math.max(-Math.min(...ys), dy));
  return { ...area, points: area.points.map(([x, y]) => put([x + right, y + down])) };
}

/** One corner more, in the middle of the side behind *index*. */
export function withCornerAfter(area: Area, index: number): Area {
  const from = area.points[index];
  const to = area.points[(index + 1) % area.points.length];
  if (!from || !to || area.points.length >= MOST_CORNERS) return area;
  const between = put([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]);
  return { ...area, points: [...area.points.slice(0, index + 1), between, ...area.points.slice(index + 1)] };
}

export function withoutCorner(area: Area, index: number): Area {
  if (area.points.length <= FEWEST_CORNERS) return area;
  return { ...area, points: area.points.filter((_, i) => i !== index) };
}

/** Areas out of a document: what is not one is left out. */
export function areasOf(value: unknown): Area[] {
  return Array.isArray(value) ? value.filter(isArea) : [];
}

function isArea(value: unknown): value is Area {
  if (typeof value !== "object" || value === null || !("points" in value)) return false;
  const { points } = value;
  return Array.isArray(points) && points.length >= FEWEST_CORNERS && points.every(isCorner);
}

const isCorner = (value: unknown): value is Corner =>
  Array.isArray(value) &&
  value.length === 2 &&
  value.every((part) => typeof part === "number" && Number.isFinite(part));
