/** Digital zoom: what part of the picture is seen. */

/**
 * The picture is enlarged by *scale* from its top left corner, which is then moved by *x* and *y*. Lengths are parts of
 * the frame (1 is its width or height), so that a view stays right when the frame changes its size.
 */
export type View = { scale: number; x: number; y: number };
export type Point = { x: number; y: number };

export const whole: View = { scale: 1, x: 0, y: 0 };
export const centre: Point = { x: 0.5, y: 0.5 };
export const MAX_SCALE = 8;

const scaleWithin = (scale: number) => Math.max(1, Math.min(MAX_SCALE, scale));

/** The nearest view that shows nothing beside the picture. */
export function bounded(view: View): View {
  const scale = scaleWithin(view.scale);
  const within = (offset: number) => Math.min(0, Math.max(1 - scale, offset));
  return { scale, x: within(view.x), y: within(view.y) };
}

/** Zoom by *factor*; what lies under *point* stays there. */
export function zoomedAt(view: View, point: Point, factor: number): View {
  const scale = scaleWithin(view.scale * factor);
  const change = scale / view.scale;
  return bounded({ scale, x: point.x - (point.x - view.x) * change, y: point.y - (point.y - view.y) * change });
}

export function movedBy(view: View, dx: number, dy: number): View {
  return bounded({ ...view, x: view.x + dx, y: view.y + dy });
}

/** Two fingers, whose middle went from *from* to *to*, spread by *factor*: they carry the picture and enlarge it. */
export function pinched(view: View, from: Point, to: Point, factor: number): View {
  const carried = { ...view, x: view.x + to.x - from.x, y: view.y + to.y - from.y };
  return zoomedAt(carried, to, factor);
}
