/** What a camera says that it sees: boxes around objects, from its metadata (ONVIF `MetadataStream`, one document a sample). */

import { lastAtMost } from "./group_store";
import type { MediaMessage } from "./media_message";
import { readFragments } from "./mp4";

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
const MAX_TOLD = 2_000;
const MAX_BYTES = 16 << 20;
/** Longer nothing stands where it was seen. */
const LASTS_US = 1e6;
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

  /** The boxes of the picture of `utcUs`; the same list for as long as nothing new was told. */
  at(utcUs: number): readonly SeenBox[] {
    for (let at = lastAtMost(this.told, utcUs, (told) => told.utcUs); at >= 0; at--) {
      const told = this.told[at];
      if (!told || utcUs - told.utcUs > LASTS_US) break;
      told.boxes ??= readBoxes(told.document);
      if (told.boxes) return told.boxes.length === 0 ? NONE : told.boxes;
    }
    return NONE;
  }

  private add(told: Told): void {
    this.told.splice(lastAtMost(this.told, told.utcUs, ({ utcUs }) => utcUs) + 1, 0, told);
    this.bytes += told.document.length;
    while (this.told.length > MAX_TOLD || this.bytes > MAX_BYTES) {
      this.bytes -= this.told.shift()?.document.length ?? 0;
    }
  }
}

/** How coordinates become ONVIF's (-1 to 1, upwards): first scaled, then moved. */
interface Transformation {
  x: number;
  y: number;
  width: number;
  height: number;
}

function inside(element: Element | undefined, ...path: string[]): Element | undefined {
  let found = element;
  for (const name of path) found = found && [...found.children].find((child) => child.localName === name);
  return found;
}

function all(element: Element, name: string): Element[] {
  return [...element.children].filter((child) => child.localName === name);
}

function number(element: Element | undefined, name: string, otherwise: number): number {
  const value = Number.parseFloat(element?.getAttribute(name) ?? "");
  return Number.isFinite(value) ? value : otherwise;
}

function transformation(element: Element | undefined): Transformation {
  const [move, scale] = [inside(element, "Transformation", "Translate"), inside(element, "Transformation", "Scale")];
  return {
    x: number(move, "x", 0),
    y: number(move, "y", 0),
    width: number(scale, "x", 1),
    height: number(scale, "y", 1),
  };
}

function fraction(normalized: number): number {
  return Math.min(1, Math.max(0, (normalized + 1) / 2));
}

function kindOf(element: Element | undefined): { kind: string; likelihood: number | null } {
  const newer = element ? all(element, "Type").map((type) => [type.textContent, number(type, "Likelihood", NaN)]) : [];
  const older = element
    ? all(element, "ClassCandidate").map((candidate) => [
        inside(candidate, "Type")?.textContent,
        Number.parseFloat(inside(candidate, "Likelihood")?.textContent ?? ""),
      ])
    : [];
  const found = [...newer, ...older] as [string | undefined, number][];
  const [best] = found.sort(([, a], [, b]) => (b || 0) - (a || 0));
  const [name, likelihood] = best ?? ["", NaN];
  return { kind: (name ?? "").trim().slice(0, 100), likelihood: Number.isFinite(likelihood) ? likelihood : null };
}

function boxOf(object: Element, outer: Transformation): SeenBox | null {
  const appearance = inside(object, "Appearance");
  const bounds = inside(appearance, "Shape", "BoundingBox");
  const inner = transformation(appearance);
  const x = (value: number): number => (value * inner.width + inner.x) * outer.width + outer.x;
  const y = (value: number): number => (value * inner.height + inner.y) * outer.height + outer.y;
  const [left, right] = [x(number(bounds, "left", NaN)), x(number(bounds, "right", NaN))];
  const [top, bottom] = [y(number(bounds, "top", NaN)), y(number(bounds, "bottom", NaN))];
  if (!Number.isFinite(left + right + top + bottom)) return null;
  return {
    left: fraction(Math.min(left, right)),
    top: 1 - fraction(Math.max(top, bottom)),
    right: fraction(Math.max(left, right)),
    bottom: 1 - fraction(Math.min(top, bottom)),
    id: (object.getAttribute("ObjectId") ?? "").slice(0, 100),
    ...kindOf(inside(appearance, "Class")),
  };
}

/** The boxes of a document's last frame; null where it tells of no frame (events alone), or is none. */
export function readBoxes(document: Uint8Array): readonly SeenBox[] | null {
  const root = new DOMParser().parseFromString(new TextDecoder().decode(document), "text/xml").documentElement;
  if (root.localName !== "MetadataStream") return null;
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
