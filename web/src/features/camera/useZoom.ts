import { useEffect, useEffectEvent, useRef, useState } from "react";

import type { Player } from "../../player";
import { centre, movedBy, pinched, type Point, type View, whole, zoomedAt } from "./zoom";

const KEY_FACTOR = 1.5;
const WHEEL_STEP = 0.0015;
/** A pinch on a touchpad comes as a wheel with Ctrl, in much smaller steps. */
const TOUCHPAD_SPEED = 6;
const KEY_STEP = 0.1;

export type Zoom = {
  view: View;
  zoomIn: () => void;
  zoomOut: () => void;
  reset: () => void;
  move: (dx: number, dy: number) => void;
};

/** Zoom with wheel, pinch and drag on *stage*, and by the functions that keys and buttons call. */
export function useZoom(stage: HTMLElement | null, player: Player | null): Zoom {
  const [view, setView] = useState(whole);
  const fingers = useRef(new Map<number, Point>());

  useEffect(() => {
    if (!stage || !player) return;
    const apply = () =>
      player.setView({ scale: view.scale, x: view.x * stage.clientWidth, y: view.y * stage.clientHeight });
    const observer = new ResizeObserver(apply);
    observer.observe(stage);
    apply();
    return () => observer.disconnect();
  }, [stage, player, view]);

  const onWheel = useEffectEvent((e: WheelEvent) => {
    // With nothing to zoom out of the wheel scrolls the page, as it does elsewhere.
    if (view.scale === 1 && e.deltaY > 0) return;
    e.preventDefault();
    const speed = e.ctrlKey ? TOUCHPAD_SPEED : 1;
    const at = toFraction(e, stage);
    setView((old) => zoomedAt(old, at, Math.exp(-e.deltaY * WHEEL_STEP * speed)));
  });

  const onPointerDown = useEffectEvent((e: PointerEvent) => {
    // What lies on the picture to be drawn has its own use for the pointer.
    if (e.target instanceof Element && e.target.closest("button, a, [data-drawn]")) return;
    fingers.current.set(e.pointerId, { x: e.clientX, y: e.clientY });
    stage?.setPointerCapture(e.pointerId);
  });

  const onPointerMove = useEffectEvent((e: PointerEvent) => {
    const before = fingers.current.get(e.pointerId);
    if (!before || !stage) return;
    const after = { x: e.clientX, y: e.clientY };
    const other = [...fingers.current].find(([id]) => id !== e.pointerId)?.[1];
    fingers.current.set(e.pointerId, after);
    const { clientWidth, clientHeight } = stage;
    if (other) {
      const from = toFraction(middle(before, other), stage);
      const to = toFraction(middle(after, other), stage);
      const factor = distance(after, other) / distance(before, other);
      setView((old) => pinched(old, from, to, factor));
    } else {
      setView((old) => movedBy(old, (after.x - before.x) / clientWidth, (after.y - before.y) / clientHeight));
    }
  });

  useEffect(() => {
    if (!stage) return;
    const held = fingers.current;
    const down = (e: PointerEvent) => onPointerDown(e);
    const moved = (e: PointerEvent) => onPointerMove(e);
    const up = (e: PointerEvent) => held.delete(e.pointerId);
    const wheel = (e: WheelEvent) => onWheel(e);
    stage.addEventListener("pointerdown", down);
    stage.addEventListener("pointermove", moved);
    stage.addEventListener("pointerup", up);
    stage.addEventListener("pointercancel", up);
    // Not passive: a wheel that zooms must not scroll the page as well.
    stage.addEventListener("wheel", wheel, { passive: false });
    return () => {
      stage.removeEventListener("pointerdown", down);
      stage.removeEventListener("pointermove", moved);
      stage.removeEventListener("pointerup", up);
      stage.removeEventListener("pointercancel", up);
      stage.removeEventListener("wheel", wheel);
      held.clear();
    };
  }, [stage]);

  return {
    view,
    zoomIn: () => setView((old) => zoomedAt(old, centre, KEY_FACTOR)),
    zoomOut: () => setView((old) => zoomedAt(old, centre, 1 / KEY_FACTOR)),
    reset: () => setView(whole),
    move: (dx, dy) => setView((old) => movedBy(old, -dx * KEY_STEP, -dy * KEY_STEP)),
  };
}

type ClientPoint = { clientX: number; clientY: number } | Point;

/** A point of the window as parts of the stage. */
function toFraction(at: ClientPoint, stage: HTMLElement | null): Point {
  const [x, y] = "clientX" in at ? [at.clientX, at.clientY] : [at.x, at.y];
  const box = stage?.getBoundingClientRect();
  return box ? { x: (x - box.left) / box.width, y: (y - box.top) / box.height } : centre;
}

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
const distance = (a: Point, b: Point) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
