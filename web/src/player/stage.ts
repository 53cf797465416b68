/** The pictures in a player's container, one over the other: a new one comes up when its first frame is there. */

export interface Shown {
  readonly element: HTMLCanvasElement | HTMLVideoElement;
  close(): void;
}

/** Digital zoom: the picture moved by `x`, `y` CSS pixels, then enlarged by `scale` from its top left corner. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

/** Nothing of what was recorded is lost in it, and it says so itself. */
const SNAPSHOT_TYPE = "image/png";

function fill(element: HTMLElement): void {
  Object.assign(element.style, { position: "absolute", inset: "0", width: "100%", height: "100%" });
}

/**
 * Invariants: `layers` are in the order in which they shall be seen; at most one, `front`, is above the others; layers
 * older than the front are gone.
 */
export class Stage {
  private readonly plane = document.createElement("div");
  private layers: Shown[] = [];
  private front: Shown | null = null;
  private covering: HTMLCanvasElement | null = null;

  constructor(container: HTMLElement) {
    fill(this.plane);
    this.plane.style.overflow = "hidden";
    this.plane.style.transformOrigin = "0 0";
    if (getComputedStyle(container).position === "static") container.style.position = "relative";
    container.append(this.plane);
  }

  /** Put a layer under the present picture; nobody sees it yet. It counts as older than *before*, where that is here. */
  add(layer: Shown, before?: Shown): void {
    fill(layer.element);
    // Letterboxes are painted, so that a hidden layer of another shape never looks out beside the front.
    Object.assign(layer.element.style, {
      objectFit: "contain",
      zIndex: "0",
      background: "var(--player-letterbox, #000)",
    });
    this.plane.append(layer.element);
    const at = before ? this.layers.indexOf(before) : -1;
    this.layers.splice(at < 0 ? this.layers.length : at, 0, layer);
  }

  /** The layer has its first picture: bring it up, and end those that come before it. */
  raise(layer: Shown): void {
    if (this.front === layer || !this.layers.includes(layer)) return;
    layer.element.style.zIndex = "1";
    this.front = layer;
    for (const older of this.layers.slice(0, this.layers.indexOf(layer))) this.remove(older);
  }

  remove(layer: Shown): void {
    if (!this.layers.includes(layer)) return;
    this.layers = this.layers.filter((other) => other !== layer);
    if (this.front === layer) this.front = null;
    layer.element.remove();
    layer.close();
  }

  /** End all layers but the picture that is on show. */
  removeHidden(): void {
    for (const layer of [...this.layers]) if (layer !== this.front) this.remove(layer);
  }

  clear(): void {
    this.uncover();
    for (const layer of [...this.layers]) this.remove(layer);
  }

  setView(view: View): void {
    this.plane.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
  }

  /** A small picture over all others, in their place, while the play head is being dragged. */
  cover(image: CanvasImageSource, width: number, height: number): void {
    const element = (this.covering ??= document.createElement("canvas"));
    fill(element);
    Object.assign(element.style, { objectFit: "contain", zIndex: "2", background: "var(--player-letterbox, #000)" });
    if (element.width !== width) element.width = width;
    if (element.height !== height) element.height = height;
    element.getContext("2d", { alpha: false })?.drawImage(image, 0, 0, width, height);
    if (!element.isConnected) this.plane.append(element);
  }

  uncover(): void {
    this.covering?.remove();
    this.covering = null;
  }

  /** The picture on show in its own resolution, without loss. */
  async snapshot(): Promise<Blob> {
    const element = this.front?.element;
    if (!element) throw new Error("there is no picture to keep");
    const video = element instanceof HTMLVideoElement;
    const canvas = document.createElement("canvas");
    canvas.width = video ? element.videoWidth : element.width;
    canvas.height = video ? element.videoHeight : element.height;
    canvas.getContext("2d")?.drawImage(element, 0, 0);
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, SNAPSHOT_TYPE));
    if (!blob) throw new Error("the picture could not be encoded");
    return blob;
  }

  close(): void {
    this.clear();
    this.plane.remove();
  }
}
