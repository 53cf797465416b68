/** Draws one frame of the timeline; everything that it shows is in `Picture`. */

import { bars, type Mark, markKinds, NOT_ADDED, type Piece } from "./footage";
import type { Labels } from "./labels";
import { xOf, type Range, type Scale } from "./scale";
import type { Theme } from "./theme";
import type { Ruler } from "./ticks";

/** One camera's footage; it is named where there are several. */
export interface Lane {
  name: string;
  pieces: readonly Piece[];
  marks?: readonly Mark[];
}

export interface Picture {
  scale: Scale;
  height: number;
  lanes: readonly Lane[];
  selection: Range | null;
  ruler: Ruler;
  labels: Labels;
  theme: Theme;
  hatch: CanvasPattern | null;
  nowUs: number;
  playheadUs: number | null;
  live: boolean;
  hoverUs: number | null;
}

type Context = CanvasRenderingContext2D;

const LABEL_ROW = 20;
const TEXT_BASELINE = 13;
const DAY_LABEL_ROOM = 96;
const LANE_GAP = 3;
/** A name needs so much room to be read. */
const NAMED_HEIGHT = 14;
const HANDLE_WIDTH = 3;
/** Marks of events lie along the foot of a lane, on a ground of their own. */
const MARK_HEIGHT = 6;
const MARK_THINNEST = 3;

/** Where footage lies, below the row of labels. */
export function lane(height: number): { top: number; height: number } {
  return { top: LABEL_ROW, height: Math.max(8, height - LABEL_ROW - 4) };
}

/** Where the footage of one of several cameras lies. */
export function laneOf(height: number, index: number, count: number): { top: number; height: number } {
  const all = lane(height);
  const each = (all.height + LANE_GAP) / Math.max(1, count);
  return { top: all.top + index * each, height: Math.max(2, each - LANE_GAP) };
}

/** The lane under a point, the nearest one where it lies beside them. */
export function laneAt(height: number, y: number, count: number): number {
  const all = lane(height);
  return Math.max(0, Math.min(count - 1, Math.floor(((y - all.top) / all.height) * count)));
}

export function paint(context: Context, picture: Picture): void {
  const { scale, height, theme } = picture;
  context.clearRect(0, 0, scale.width, height);
  if (theme.surface !== "transparent") {
    context.fillStyle = theme.surface;
    context.fillRect(0, 0, scale.width, height);
  }
  context.font = `11px ${theme.font}`;
  picture.lanes.forEach((each, index) => paintLane(context, picture, each, index));
  paintRuler(context, picture);
  if (picture.selection) paintSelection(context, picture, picture.selection);
  picture.lanes.forEach((each, index) => paintName(context, picture, each.name, index));
  if (picture.hoverUs !== null) paintHover(context, picture, picture.hoverUs);
  paintNow(context, picture);
  if (picture.playheadUs !== null) paintPlayhead(context, picture, picture.playheadUs);
}

function paintLane(context: Context, picture: Picture, { pieces, marks = [] }: Lane, index: number): void {
  const { scale, theme, lanes } = picture;
  const { top, height } = laneOf(picture.height, index, lanes.length);
  const x = (us: number): number => xOf(scale, us);
  const { width } = scale;
  context.globalAlpha = 0.08; // the lane itself: what is not known yet, was before the camera, or will be
  context.fillStyle = theme.ink;
  context.fillRect(0, top, width, height);
  context.globalAlpha = 1;
  const spans = pieces.flatMap((piece) => piece.spans);
  const gaps = pieces.flatMap((piece) => piece.gaps).filter((gap) => gap.reason !== NOT_ADDED);
  context.fillStyle = theme.recorded;
  for (const bar of bars(spans, x, { width, thinnest: 1 })) context.fillRect(bar.x, top, bar.width, height);
  for (const bar of bars(gaps, x, { width, thinnest: 1 })) {
    paintGap(context, picture, { x: bar.x, y: top, width: bar.width, height });
  }
  if (marks.length > 0) paintMarks(context, picture, marks, { top, height });
}

/** What happened, the gravest above the rest. */
function paintMarks(
  context: Context,
  { scale, theme }: Picture,
  marks: readonly Mark[],
  lane: { top: number; height: number },
): void {
  const height = Math.min(MARK_HEIGHT, lane.height / 3);
  const y = lane.top + lane.height - height;
  const view = { width: scale.width, thinnest: MARK_THINNEST };
  for (const kind of markKinds) {
    const ranges = marks.filter((mark) => mark.kind === kind).sort((a, b) => a.fromUs - b.fromUs);
    for (const bar of bars(ranges, (us) => xOf(scale, us), view)) {
      context.fillStyle = theme.surface === "transparent" ? "#fff" : theme.surface;
      context.fillRect(bar.x - 1, y - 1, bar.width + 2, height + 1);
      context.fillStyle = theme[kind];
      context.fillRect(bar.x, y, bar.width, height);
    }
  }
}

function paintGap(
  context: Context,
  picture: Picture,
  box: { x: number; y: number; width: number; height: number },
): void {
  const { theme, hatch } = picture;
  const { x, y, width, height } = box;
  context.clearRect(x, y, width, height);
  context.fillStyle = theme.surface;
  context.fillRect(x, y, width, height);
  // Too narrow for lines to be seen as such: the colour alone.
  context.fillStyle = width < 3 || !hatch ? theme.gap : hatch;
  context.fillRect(x, y, width, height);
}

/** Over whatever lies there: the name on a ground of its own. */
function paintName(context: Context, { theme, height, lanes }: Picture, name: string, index: number): void {
  const lane = laneOf(height, index, lanes.length);
  if (name === "" || lane.height < NAMED_HEIGHT) return;
  const middle = lane.top + lane.height / 2;
  const width = context.measureText(name).width + 10;
  context.globalAlpha = 0.85;
  context.fillStyle = theme.surface === "transparent" ? "#fff" : theme.surface;
  context.fillRect(4, middle - 8, width, 16);
  context.globalAlpha = 1;
  context.fillStyle = theme.ink;
  context.fillText(name, 9, middle + 4);
}

/** What is not selected is dimmed; the edges have handles as tall as the lanes. */
function paintSelection(context: Context, picture: Picture, { fromUs, toUs }: Range): void {
  const { scale, theme } = picture;
  const { top, height } = lane(picture.height);
  const [from, to] = [xOf(scale, fromUs), xOf(scale, toUs)];
  context.fillStyle = theme.surface === "transparent" ? "#fff" : theme.surface;
  context.globalAlpha = 0.55;
  context.fillRect(0, top, Math.max(0, from), height);
  context.fillRect(Math.min(scale.width, to), top, Math.max(0, scale.width - to), height);
  context.globalAlpha = 1;
  context.fillStyle = theme.selection;
  context.fillRect(from, top, to - from, 2);
  context.fillRect(from, top + height - 2, to - from, 2);
  for (const x of [from, to]) {
    context.fillRect(x - HANDLE_WIDTH / 2, top, HANDLE_WIDTH, height);
    context.beginPath();
    context.arc(x, top + height / 2, 6, 0, 2 * Math.PI);
    context.fill();
  }
}

function paintRuler(context: Context, picture: Picture): void {
  const { scale, ruler, theme, labels } = picture;
  const { top } = lane(picture.height);
  context.fillStyle = theme.ink;
  context.globalAlpha = 0.5;
  for (const us of ruler.small) context.fillRect(Math.round(xOf(scale, us)), top - 3, 1, 3);
  context.globalAlpha = 1;
  const days = ruler.labelled.filter((tick) => tick.day).map((tick) => xOf(scale, tick.us));
  const corner = days.some((x) => x >= -4 && x < DAY_LABEL_ROOM) ? 0 : paintCornerDay(context, picture);
  for (const tick of ruler.labelled) {
    const x = xOf(scale, tick.us);
    context.fillRect(Math.round(x), top - 6, 1, 6);
    if (x < corner) continue;
    const style = tick.day ? "day" : ruler.stepS < 60 ? "second" : "minute";
    context.fillText(labels.text(tick.us, style), x + 4, TEXT_BASELINE);
  }
}

/** The day at the left edge, where no mark names it; answers how much room it took. */
function paintCornerDay(context: Context, picture: Picture): number {
  const text = picture.labels.text(Math.floor(picture.scale.fromUs / 60e6) * 60e6, "day");
  context.fillText(text, 4, TEXT_BASELINE);
  return 4 + context.measureText(text).width + 10;
}

function paintHover(context: Context, picture: Picture, us: number): void {
  const { theme, labels } = picture;
  const { top, height } = lane(picture.height);
  const x = Math.round(xOf(picture.scale, us));
  const text = labels.text(Math.floor(us / 1e6) * 1e6, "second");
  context.fillStyle = theme.ink;
  context.globalAlpha = 0.6;
  context.fillRect(x, top, 1, height);
  context.globalAlpha = 1;
  const width = context.measureText(text).width + 10;
  const left = Math.min(Math.max(0, x - width / 2), picture.scale.width - width);
  context.fillRect(left, 1, width, LABEL_ROW - 4);
  context.fillStyle = theme.surface === "transparent" ? "#fff" : theme.surface;
  context.fillText(text, left + 5, TEXT_BASELINE);
}

function paintNow(context: Context, picture: Picture): void {
  const x = xOf(picture.scale, picture.nowUs);
  if (x < 0 || x > picture.scale.width) return;
  const { top, height } = lane(picture.height);
  context.fillStyle = picture.theme.now;
  context.fillRect(Math.round(x), top - 4, 1.5, height + 4);
}

function paintPlayhead(context: Context, picture: Picture, us: number): void {
  const x = xOf(picture.scale, us);
  if (x < -8 || x > picture.scale.width + 8) return;
  const { top, height } = lane(picture.height);
  context.fillStyle = picture.live ? picture.theme.now : picture.theme.playhead;
  context.fillRect(Math.round(x) - 1, top - 2, 2, height + 4);
  context.beginPath();
  context.moveTo(x - 6, top - 8);
  context.lineTo(x + 6, top - 8);
  context.lineTo(x, top);
  context.fill();
}
