/** The timeline on a canvas: draws what it was given when something changed, and passes on what the person wishes. */

import { gapNear, markNear, oldest, type Gap, type Mark, type Piece } from "./footage";
import { Gestures } from "./gestures";
import { Labels } from "./labels";
import { laneAt, paint, type Lane } from "./paint";
import { clamped, following, panned, usAt, xOf, zoomed, type Range, type Scale } from "./scale";
import { selectedBetween, withEdge, type Edge } from "./selection";
import { hatch, readTheme, watchTheme, type Theme } from "./theme";
import { ruler } from "./ticks";
import { zoneOf, type Zone } from "./zone";

export interface TimelineOptions {
  onSeek(utcUs: number): void;
  /** The play head is dragged, and at last (`held` false) let go; without it each move is a seek. */
  onScrub?(utcUs: number, held: boolean): void;
  /** The pointer is at a moment of a lane, `x` pixels from the left. */
  onHover?(utcUs: number | null, gap: Gap | null, at: { x: number; lane: number; mark: Mark | null }): void;
  onSelect?(selection: Range | null): void;
  /** The person (or the moving play head) changed the visible range. */
  onRange(fromUs: number, toUs: number): void;
}

const HOUR_US = 3600e6;
const ZOOM_STEP = 1.6;
const TOUCHABLE_PIXELS = 3;
/** One press of an arrow key moves by this part of the view. */
const ARROW_PART = 1 / 60;
const PAGE_PART = 1 / 4;

/** Invariant: one frame is requested whenever what is drawn is not what is known, none otherwise. */
export class TimelineView {
  private range: Range;
  private width = 0;
  private height = 0;
  private ratio = 1;
  private lanes: readonly Lane[] = [{ name: "", pieces: [] }];
  private selection: Range | null = null;
  private playheadUs: number | null = null;
  private live = false;
  private nowUs = Date.now() * 1000;
  private hoverX: number | null = null;
  private zone: Zone = zoneOf("UTC");
  private labels = new Labels("UTC");
  private theme: Theme;
  private pattern: CanvasPattern | null = null;
  private request = 0;
  private readonly context: CanvasRenderingContext2D;
  private readonly gestures: Gestures;
  private readonly resizes: ResizeObserver;
  private readonly endTheme: () => void;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly options: TimelineOptions,
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("this browser gives no more canvases");
    this.context = context;
    this.range = { fromUs: this.nowUs - HOUR_US, toUs: this.nowUs };
    this.theme = readTheme(canvas);
    this.endTheme = watchTheme(() => this.retheme());
    this.resizes = new ResizeObserver(() => this.resize());
    this.resizes.observe(canvas);
    this.gestures = new Gestures(canvas, {
      scale: () => this.scale(),
      playheadUs: () => this.playheadUs,
      selection: () => this.selection,
      wishRange: (range) => this.wishRange(range),
      seek: (us) => this.seek(us),
      scrub: (us, held) => this.scrub(us, held),
      hover: (x, y) => this.hover(x, y),
      select: (one, other) => this.select(selectedBetween(one, other, this.nowUs)),
      moveEdge: (edge, us) => this.moveEdge(edge, us),
    });
    this.resize();
  }

  /** What the timeline API answered for each camera, one below the other; where pieces overlap the later one is drawn over the earlier. */
  setLanes(lanes: readonly Lane[]): void {
    this.lanes = lanes;
    this.changed();
  }

  setSelection(selection: Range | null): void {
    this.selection = selection;
    this.changed();
  }

  get visible(): Range {
    return this.range;
  }

  setPlayhead(us: number | null, live: boolean): void {
    const before = this.playheadUs;
    this.playheadUs = us;
    this.live = live;
    const followed = us === null ? null : following(this.range, before, us);
    if (followed) this.wishRange(followed);
    this.changed();
  }

  setNow(us: number): void {
    this.nowUs = us;
    this.changed();
  }

  setZone(iana: string): void {
    this.zone = zoneOf(iana);
    this.labels = new Labels(iana);
    this.changed();
  }

  setRange(fromUs: number, toUs: number): void {
    this.range = clamped({ fromUs, toUs }, this.nowUs);
    this.changed();
  }

  /**
   * Arrows move the play head (with Shift the view), + and - zoom, Home and End go to the oldest footage and to now; I and
   * O begin and end a selection at the play head, Escape gives it up.
   */
  handleKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    switch (event.key) {
      case "ArrowLeft":
      case "ArrowRight":
        this.arrow(event.key === "ArrowLeft" ? -1 : 1, event.shiftKey);
        return true;
      case "+":
      case "=":
      case "-":
        this.zoomKey(event.key === "-" ? 1 / ZOOM_STEP : ZOOM_STEP);
        return true;
      case "Home":
        this.goTo(oldest(this.pieces) ?? this.range.fromUs);
        return true;
      case "i":
      case "o":
        if (!this.options.onSelect) return false;
        this.moveEdge(event.key === "i" ? "from" : "to", this.playheadUs ?? this.nowUs);
        return true;
      case "Escape":
        if (!this.selection) return false;
        this.select(null);
        return true;
      case "End":
        this.goTo(this.nowUs);
        return true;
      default:
        return false;
    }
  }

  close(): void {
    cancelAnimationFrame(this.request);
    this.gestures.close();
    this.resizes.disconnect();
    this.endTheme();
  }

  private scale(): Scale {
    return { ...this.range, width: Math.max(1, this.width) };
  }

  private wishRange(wished: Range): void {
    this.range = clamped(wished, this.nowUs);
    this.options.onRange(this.range.fromUs, this.range.toUs);
    this.changed();
  }

  private get pieces(): readonly Piece[] {
    return this.lanes.flatMap((lane) => lane.pieces);
  }

  private select(selection: Range | null): void {
    if (!this.options.onSelect) return;
    this.setSelection(selection);
    this.options.onSelect(selection);
  }

  private moveEdge(edge: Edge, us: number): void {
    this.select(withEdge(this.selection, edge, us, this.nowUs));
  }

  private scrub(us: number, held: boolean): void {
    const at = Math.round(Math.min(us, this.nowUs));
    if (this.options.onScrub) this.options.onScrub(at, held);
    else this.seek(at);
  }

  /** The future can't be seen. */
  private seek(us: number): void {
    this.options.onSeek(Math.round(Math.min(us, this.nowUs)));
  }

  private hover(x: number | null, y: number): void {
    if (x === this.hoverX && this.lanes.length === 1) return;
    this.hoverX = x;
    const us = x === null ? null : usAt(this.scale(), x);
    const slackUs = ((this.range.toUs - this.range.fromUs) / Math.max(1, this.width)) * TOUCHABLE_PIXELS;
    const lane = laneAt(this.height, y, this.lanes.length);
    const { pieces = [], marks = [] } = this.lanes[lane] ?? {};
    const gap = us === null ? null : gapNear(pieces, us, slackUs);
    const mark = us === null ? null : markNear(marks, us, slackUs);
    this.options.onHover?.(us === null ? null : Math.round(us), gap, { x: x ?? 0, lane, mark });
    this.changed();
  }

  private arrow(direction: number, page: boolean): void {
    const span = this.range.toUs - this.range.fromUs;
    if (page) this.wishRange(panned(this.scale(), -direction * PAGE_PART * this.width));
    else this.goTo((this.playheadUs ?? this.nowUs) + direction * span * ARROW_PART);
  }

  private zoomKey(factor: number): void {
    const x = xOf(this.scale(), this.playheadUs ?? this.nowUs);
    this.wishRange(zoomed(this.scale(), x >= 0 && x <= this.width ? x : this.width / 2, factor));
  }

  private goTo(us: number): void {
    const { fromUs, toUs } = this.range;
    if (us < fromUs || us > toUs) {
      const half = (toUs - fromUs) / 2;
      this.wishRange({ fromUs: us - half, toUs: us + half });
    }
    this.seek(us);
  }

  private retheme(): void {
    this.theme = readTheme(this.canvas);
    this.pattern = hatch(this.context, this.theme.gap, this.ratio);
    this.changed();
  }

  private resize(): void {
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.ratio = devicePixelRatio;
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    this.retheme();
    this.paint(); // at once: setting the size has blanked the canvas
  }

  private changed(): void {
    if (this.request === 0) this.request = requestAnimationFrame(() => this.paint());
  }

  private paint(): void {
    cancelAnimationFrame(this.request);
    this.request = 0;
    if (this.width === 0) return;
    if (this.ratio !== devicePixelRatio) this.resize();
    const { context, lanes, selection, labels, theme, nowUs, playheadUs, live, height } = this;
    const scale = this.scale();
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const hoverUs = this.hoverX === null ? null : usAt(scale, this.hoverX);
    const marks = ruler(scale, this.zone);
    const known = { scale, height, lanes, selection, ruler: marks, labels, theme, hatch: this.pattern };
    paint(context, { ...known, nowUs, playheadUs, live, hoverUs });
  }
}
