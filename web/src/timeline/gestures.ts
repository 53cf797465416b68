/** Mouse, touch and pen on the timeline, as wishes: pan, zoom, seek, scrub, look. */

import { panned, pinched, usAt, xOf, zoomed, type Range, type Scale } from "./scale";
import { draggedTo, edgeAt, type Edge } from "./selection";

export interface GestureTarget {
  scale(): Scale;
  playheadUs(): number | null;
  wishRange(range: Range): void;
  selection(): Range | null;
  seek(us: number): void;
  /** The play head is held and moved; told again with false when it is let go. */
  scrub(us: number, held: boolean): void;
  hover(x: number | null, y: number): void;
  /** A new selection, drawn from one moment to the other. */
  select(oneUs: number, otherUs: number): void;
  moveEdge(edge: Edge, us: number): void;
}

const STILL_PIXELS = 4;
const GRIP_PIXELS = { mouse: 6, touch: 18 };
const LINE_PIXELS = 16;
const WHEEL_ZOOM = 0.0022;

interface Finger {
  startX: number;
  x: number;
  us: number;
}

type Mode = "idle" | "press" | "pan" | "scrub" | "pinch" | "select" | Edge;

/** Invariant: `fingers` holds the pointers that are down; in `pan` and `pinch` their moments stay under them. */
export class Gestures {
  private readonly fingers = new Map<number, Finger>();
  private mode: Mode = "idle";
  private readonly aborter = new AbortController();

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly target: GestureTarget,
  ) {
    const { signal } = this.aborter;
    canvas.style.touchAction = "pan-y"; // up and down scrolls the page, the rest is ours
    canvas.addEventListener("pointerdown", this.down, { signal });
    canvas.addEventListener("pointermove", this.move, { signal });
    canvas.addEventListener("pointerup", this.up, { signal });
    canvas.addEventListener("pointercancel", this.cancel, { signal });
    canvas.addEventListener("pointerleave", this.leave, { signal });
    canvas.addEventListener("wheel", this.wheel, { signal, passive: false });
  }

  close(): void {
    this.aborter.abort();
  }

  private x(event: MouseEvent): number {
    return event.clientX - this.canvas.getBoundingClientRect().left;
  }

  private readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const x = this.x(event);
    this.canvas.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, { startX: x, x, us: usAt(this.target.scale(), x) });
    this.mode = this.fingers.size === 2 ? "pinch" : this.modeAt(x, event);
  };

  private modeAt(x: number, event: PointerEvent): Mode {
    if (event.shiftKey) return "select";
    const grip = event.pointerType === "touch" ? GRIP_PIXELS.touch : GRIP_PIXELS.mouse;
    const edge = edgeAt(this.target.selection(), this.target.scale(), x, grip);
    return edge ?? (this.onPlayhead(x, grip) ? "scrub" : "press");
  }

  private readonly move = (event: PointerEvent): void => {
    const x = this.x(event);
    const finger = this.fingers.get(event.pointerId);
    const y = event.clientY - this.canvas.getBoundingClientRect().top;
    if (!finger) {
      this.target.hover(x, y);
      return;
    }
    if (this.mode === "press" && Math.abs(x - finger.startX) > STILL_PIXELS) this.mode = "pan";
    const dx = x - finger.x;
    if (this.mode !== "press") finger.x = x;
    const us = draggedTo(this.target.scale(), x);
    if (this.mode === "scrub") this.target.scrub(us, true);
    else if (this.mode === "select") this.target.select(finger.us, us);
    else if (this.mode === "from" || this.mode === "to") this.target.moveEdge(this.mode, us);
    else if (this.mode === "pan") this.target.wishRange(panned(this.target.scale(), dx));
    else if (this.mode === "pinch") this.pinch();
    if (this.mode !== "pan" && this.mode !== "pinch") this.target.hover(x, y);
  };

  private readonly up = (event: PointerEvent): void => {
    const x = this.x(event);
    const touch = event.pointerType === "touch";
    if (this.mode === "press") this.target.seek(usAt(this.target.scale(), x));
    else if (this.mode === "scrub") this.target.scrub(draggedTo(this.target.scale(), x), false);
    if (this.mode === "press" && touch) this.target.hover(x, 0);
    this.lift(event.pointerId);
  };

  private readonly cancel = (event: PointerEvent): void => this.lift(event.pointerId);

  private readonly leave = (event: PointerEvent): void => {
    // A finger leaves with every lift; what it touched stays shown until the next touch.
    if (event.pointerType !== "touch") this.target.hover(null, 0);
  };

  private readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PIXELS : 1;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
      this.target.wishRange(panned(this.target.scale(), -sideways * unit));
    } else {
      // A trackpad's pinch comes as a wheel with ctrl, in small steps.
      const strength = WHEEL_ZOOM * (event.ctrlKey ? 4 : 1);
      const factor = Math.exp(-event.deltaY * unit * strength);
      this.target.wishRange(zoomed(this.target.scale(), this.x(event), factor));
    }
  };

  private onPlayhead(x: number, grip: number): boolean {
    const us = this.target.playheadUs();
    return us !== null && Math.abs(xOf(this.target.scale(), us) - x) <= grip;
  }

  private pinch(): void {
    const [a, b] = [...this.fingers.values()];
    const range = a && b && pinched(this.target.scale().width, a, b);
    if (range) this.target.wishRange(range);
  }

  /** After a pinch the finger that stays pans on, and never seeks. */
  private lift(pointer: number): void {
    this.fingers.delete(pointer);
    this.mode = this.fingers.size === 0 ? "idle" : "pan";
  }
}
