/** From what is held to where a camera goes. */

import type { Ptz, SteerPtz } from "../../api/gen";

/** -1, 0 or 1 for each: right, up and in are positive, as ONVIF has it. */
export type Way = { pan: number; tilt: number; zoom: number };
export const still: Way = { pan: 0, tilt: 0, zoom: 0 };

const KEYS: Readonly<Record<string, Partial<Way>>> = {
  ArrowLeft: { pan: -1 },
  ArrowRight: { pan: 1 },
  ArrowUp: { tilt: 1 },
  ArrowDown: { tilt: -1 },
  "+": { zoom: 1 },
  "=": { zoom: 1 },
  "-": { zoom: -1 },
};

export const isSteeringKey = (key: string): boolean => Object.hasOwn(KEYS, key);

/** Where the keys that are held lead together; opposite ones cancel out. */
export function wayOf(keys: Iterable<string>): Way {
  const sum = { ...still };
  for (const key of keys) {
    const { pan = 0, tilt = 0, zoom = 0 } = KEYS[key] ?? {};
    sum.pan += pan;
    sum.tilt += tilt;
    sum.zoom += zoom;
  }
  const one = (n: number) => Math.max(-1, Math.min(1, n));
  return { pan: one(sum.pan), tilt: one(sum.tilt), zoom: one(sum.zoom) };
}

export const isStill = ({ pan, tilt, zoom }: Way): boolean => pan === 0 && tilt === 0 && zoom === 0;

/** A way at a speed from 0 to 1. */
export const atSpeed = ({ pan, tilt, zoom }: Way, speed: number): Way => ({
  pan: pan * speed,
  tilt: tilt * speed,
  zoom: zoom * speed,
});

/** One press moves a fast step by a fifth of the range. */
const STEP = 0.2;

/** A step, for a camera that can't be held moving; null where it can't do that either. */
export function stepOf(ptz: Ptz, way: Way): SteerPtz | null {
  const { pan, tilt, zoom } = atSpeed(way, STEP);
  if (ptz.by) return { do: "by", pan, tilt, zoom };
  if (!ptz.to || !ptz.position) return null;
  const { position } = ptz;
  const moved = (from: number | null, by: number, least: number) =>
    from === null ? null : Math.min(1, Math.max(least, from + by));
  return {
    do: "to",
    pan: moved(position.pan, pan, -1),
    tilt: moved(position.tilt, tilt, -1),
    zoom: moved(position.zoom, zoom, 0),
  };
}
