import { imageOf, type Frame } from "./frame";

/** A canvas that always has the size of the last frame drawn. */
export class CanvasScreen {
  readonly element = document.createElement("canvas");
  private readonly context: CanvasRenderingContext2D;

  constructor() {
    const context = this.element.getContext("2d", { alpha: false });
    if (!context) throw new Error("this browser gives no more canvases");
    this.context = context;
  }

  draw(frame: Frame): void {
    this.drawImage(imageOf(frame), frame.displayWidth, frame.displayHeight);
  }

  drawImage(image: CanvasImageSource, width: number, height: number): void {
    // Setting the size blanks the canvas; the drawing below is in the same task, so that nobody sees it.
    if (this.element.width !== width) this.element.width = width;
    if (this.element.height !== height) this.element.height = height;
    this.context.drawImage(image, 0, 0, width, height);
  }

  /** Give the memory back. */
  close(): void {
    this.element.width = this.element.height = 0;
  }
}
