/** What a camera says that it sees: boxes around objects, from its metadata (ONVIF `MetadataStream`, one document a sample). */

import { lastAtMost } from "./group_store";
import type { MediaMessage } from "./media_message";
import { readFragments } from "./mp4";
import { readXml, type XmlElement } from "./xml";

/** A part of the picture: fractions of its width and height from its upper left corner. */
export interface SeenBox {
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** The same object has the same id in the next picture; empty where the camera gives none. */
  id: string;
  /** The likeliest class, as the camera names it ("Human", "Vehicle"); empty where it tells none. */
  kind: string;
  likelihood: number | null;
}

interface Told {
  utcUs: number;
  document: Uint8Array<ArrayBuffer>;
  boxes?: readonly SeenBox[] | null;
}

const TIMESCALE = 90_000;
const MAX_BOXES = 200;
const MAX_NAME = 100;
const MAX_TOLD = 2_000;
const MAX_BYTES = 16 << 20;
/** Longer nothing stands where it was seen. */
const LASTS_US = 1e6;
/** Live, what a camera tells comes after its picture: for so long an object is drawn where it was heading. */
const AHEAD_US = 300e3;
const NONE: readonly SeenBox[] = [];

/**
 * The documents of one subscription, by time.
 *
 * Invariants: `told` is in the order of time; what was told longest ago goes first where it grows too large; a document
 * is read when its moment is shown, once.
 */
export class Seen {
  private readonly told: Told[] = [];
  private bytes = 0;

  push(message: MediaMessage): void {
    if (message.kind === "init") return;
    const samples = readFragments(message.payload);
    const first = samples[0]?.decodeTime ?? 0;
    for (const sample of samples) {
      const utcUs = message.utcUs + Math.round(((sample.decodeTime - first) * 1e6) / TIMESCALE);
      this.add({ utcUs, document: sample.data });
    }
  }

  /**
   * The boxes of the picture of `utcUs`. Cameras tell of fewer moments than they send pictures: between two of them an
   * object is on its way from one to the other, after the last one it goes on a little. The same list while nothing moves.
   */
  at(utcUs: number): readonly SeenBox[] {
    const index = lastAtMost(this.told, utcUs, (told) => told.utcUs);
    const now = this.framed(index, -1, utcUs);
    if (!now || now.boxes.length === 0) return NONE;
    const next = this.framed(index + 1, 1, utcUs);
    if (next) return between(now, next, utcUs);
    const before = this.framed(now.index - 1, -1, utcUs);
    const aheadUs = Math.min(AHEAD_US, before ? now.utcUs - before.utcUs : 0);
    return before ? between(before, now, Math.min(utcUs, now.utcUs + aheadUs), now.boxes) : now.boxes;
  }

  /** The nearest document that tells of a frame, from `index` on in the direction of `way`. */
  private framed(index: number, way: 1 | -1, utcUs: number): Framed | null {
    for (let at = index; ; at += way) {
      const told = this.told[at];
      if (!told || Math.abs(utcUs - told.utcUs) > LASTS_US) return null;
      const boxes = boxesOf(told);
      if (boxes) return { index: at, utcUs: told.utcUs, boxes };
    }
  }

  private add(told: Told): void {
    this.told.splice(lastAtMost(this.told, told.utcUs, ({ utcUs }) => utcUs) + 1, 0, told);
    this.bytes += told.document.length;
    while (this.told.length > MAX_TOLD || this.bytes > MAX_BYTES) {
      this.bytes -= this.told.shift()?.document.length ?? 0;
    }
  }
}

/** Read once: a document that tells of no frame is not read again either. */
function boxesOf(told: Told): readonly SeenBox[] | null {
  if (told.boxes === undefined) told.boxes = readBoxes(told.document);
  return told.boxes;
}

type Framed = { index: number; utcUs: number; boxes: readonly SeenBox[] };

/** `shown` (those of `from`, where nothing else is said) at a moment of the way from one frame to another, or beyond it. */
function between(from: Framed, to: Framed, utcUs: number, shown = from.boxes): readonly SeenBox[] {
  const part = to.utcUs > from.utcUs ? (utcUs - from.utcUs) / (to.utcUs - from.utcUs) : 0;
  const [starts, ends] = [byId(from.boxes), byId(to.boxes)];
  const boxes = shown.map((box) => {
    const [start, end] = [starts.get(box.id), ends.get(box.id)];
    if (!start || !end || samePlace(start, end)) return box;
    return { ...box, ...onTheWay(start, end, part) };
  });
  return boxes.some((box, i) => box !== shown[i]) ? boxes : shown;
}

const byId = (boxes: readonly SeenBox[]) => new Map(boxes.filter(({ id }) => id !== "").map((box) => [box.id, box]));

const sides = ["left", "top", "right", "bottom"] as const;
const samePlace = (a: SeenBox, b: SeenBox) => sides.every((side) => a[side] === b[side]);

function onTheWay(from: SeenBox, to: SeenBox, part: number): Record<(typeof sides)[number], number> {
  const at = (side: (typeof sides)[number]) => Math.min(1, Math.max(0, from[side] + (to[side] - from[side]) * part));
  // Two sides that move apart may cross where the way goes on beyond what was told.
  const [left, right, top, bottom] = [at("left"), at("right"), at("top"), at("bottom")];
  return {
    left: Math.min(left, right),
    top: Math.min(top, bottom),
    right: Math.max(left, right),
    bottom: Math.max(top, bottom),
  };
}

/** How coordinates become ONVIF's (-1 to 1, upwards): first scaled, then moved. */
interface Transformation {
  x: number;
  y: number;
  width: number;
  height: number;
}

function inside(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce((found, name) => found?.children.find((child) => child.name === name), element);
}

function all(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

function read(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? "");
  return Number.isFinite(value) ? value : null;
}

function number(element: XmlElement | undefined, name: string): number | null {
  return read(element?.attributes.get(name));
}

function transformation(element: XmlElement | undefined): Transformation {
  const [move, scale] = [inside(element, "Transformation", "Translate"), inside(element, "Transformation", "Scale")];
  return {
    x: number(move, "x") ?? 0,
    y: number(move, "y") ?? 0,
    width: number(scale, "x") ?? 1,
    height: number(scale, "y") ?? 1,
  };
}

function fraction(normalized: number): number {
  return Math.min(1, Math.max(0, (normalized + 1) / 2));
}

/** The likeliest class, of either form: `Type` with a likelihood, or the older `ClassCandidate`. */
function kindOf(element: XmlElement | undefined): { kind: string; likelihood: number | null } {
  const newer = all(element, "Type").map((type) => ({ kind: type.text, likelihood: number(type, "Likelihood") }));
  const older = all(element, "ClassCandidate").map((candidate) => ({
    kind: inside(candidate, "Type")?.text ?? "",
    likelihood: read(inside(candidate, "Likelihood")?.text),
  }));
  const [best] = [...newer, ...older].sort((a, b) => (b.likelihood ?? 0) - (a.likelihood ?? 0));
  return { kind: best?.kind.trim().slice(0, MAX_NAME) ?? "", likelihood: best?.likelihood ?? null };
}

function boxOf(object: XmlElement, outer: Transformation): SeenBox | null {
  const appearance = inside(object, "Appearance");
  const bounds = inside(appearance, "Shape", "BoundingBox");
  const inner = transformation(appearance);
  const x = (value: number): number => fraction((value * inner.width + inner.x) * outer.width + outer.x);
  const y = (value: number): number => 1 - fraction((value * inner.height + inner.y) * outer.height + outer.y);
  const [left, right, top, bottom] = ["left", "right", "top", "bottom"].map((name) => number(bounds, name));
  if (left == null || right == null || top == null || bottom == null) return null;
  return {
    left: Math.min(x(left), x(right)),
    top: Math.min(y(top), y(bottom)),
    right: Math.max(x(left), x(right)),
    bottom: Math.max(y(top), y(bottom)),
    id: object.attributes.get("ObjectId")?.slice(0, MAX_NAME) ?? "",
    ...kindOf(inside(appearance, "Class")),
  };
}

/** The boxes of a document's last frame; null where it tells of no frame (events alone), or is none. */
export function readBoxes(document: Uint8Array): readonly SeenBox[] | null {
  const root = readXml(new TextDecoder().decode(document));
  if (root?.name !== "MetadataStream") return null;
  const frame = all(root, "VideoAnalytics")
    .flatMap((analytics) => all(analytics, "Frame"))
    .at(-1);
  if (!frame) return null;
  const outer = transformation(frame);
  const boxes = all(frame, "Object")
    .slice(0, MAX_BOXES)
    .map((object) => boxOf(object, outer));
  return boxes.filter((box) => box !== null);
}
