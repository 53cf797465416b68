/** A page around the player and the timeline alone, for trying them by hand and for the tests in a real browser. */

import { InStep, MediaSocket, Player, type PlayerState } from "../../src/player";
import { TimelineView } from "../../src/timeline";

/** What is to be seen of a tile at one moment. */
interface Look {
  atMs: number;
  /** Nothing there yet. */
  empty: boolean;
  /** The counter's frame is missing: the picture is black or torn. */
  black: boolean;
  counter: number | null;
  main: boolean;
}

const SQUARES = 20;
const probe = document.createElement("canvas");
probe.width = SQUARES;
probe.height = 1;
const pen = probe.getContext("2d", { willReadFrequently: true });

function squares(element: HTMLCanvasElement | HTMLVideoElement): boolean[] {
  const video = element instanceof HTMLVideoElement;
  const [width, height] = video ? [element.videoWidth, element.videoHeight] : [element.width, element.height];
  if (!pen || width === 0) return [];
  const q = width / 80;
  pen.imageSmoothingEnabled = false;
  pen.drawImage(element, q, height - 2 * q, SQUARES * q, q, 0, 0, SQUARES, 1);
  const { data } = pen.getImageData(0, 0, SQUARES, 1);
  return Array.from({ length: SQUARES }, (_, index) => (data[4 * index] ?? 0) > 126);
}

/** Reads the topmost picture, as a person sees it. */
function look(tile: HTMLElement): Look {
  const box = tile.getBoundingClientRect();
  const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  const picture = top instanceof HTMLCanvasElement || top instanceof HTMLVideoElement ? top : null;
  const found = picture ? squares(picture) : [];
  const whole = found[0] === true && found[1] === false && found[19] === false;
  const counter = found.slice(2, 18).reduce((sum, bit, index) => sum + (bit ? 2 ** index : 0), 0);
  const seen = { atMs: performance.now(), empty: picture === null, black: picture !== null && !whole };
  return { ...seen, counter: whole ? counter : null, main: found[18] === true };
}

class Tile {
  readonly states: PlayerState[] = [];
  readonly looks: Look[] = [];
  readonly frames: { utcUs: number; stream: string; atMs: number; look: Look }[] = [];
  readonly element = document.createElement("div");
  readonly player: Player;
  watching = true;
  private closed = false;

  constructor(socket: MediaSocket, onState: (state: PlayerState) => void) {
    document.getElementById("tiles")?.append(this.element);
    this.player = new Player({
      container: this.element,
      socket,
      onState: (state) => {
        this.states.push(state);
        queueMicrotask(() => onState(state));
      },
    });
    this.element.addEventListener("tawny:frame", (event) => {
      const { utcUs, stream } = (event as CustomEvent<{ utcUs: number; stream: string }>).detail;
      this.frames.push({ utcUs, stream, atMs: performance.now(), look: look(this.element) });
    });
    const sample = (): void => {
      if (this.watching) this.looks.push(look(this.element));
      if (!this.closed) requestAnimationFrame(sample);
    };
    sample();
  }

  close(): void {
    this.closed = true;
    this.player.close();
    this.element.remove();
  }
}

const socket = new MediaSocket(`ws://${location.host}/media`);
const timelineEvents: unknown[][] = [];
const canvas = document.getElementById("timeline") as HTMLCanvasElement;
const timeline = new TimelineView(canvas, {
  onSeek: (us) => timelineEvents.push(["seek", us]),
  onHover: (us, gap) => timelineEvents.push(["hover", us, gap]),
  onRange: (fromUs, toUs) => timelineEvents.push(["range", fromUs, toUs]),
});

const tiles: Tile[] = [];

function tile(onState: (state: PlayerState) => void = () => undefined): Tile {
  const made = new Tile(socket, onState);
  tiles.push(made);
  return made;
}

function closeTiles(): void {
  for (const each of tiles.splice(0)) each.close();
}

/** Tiles on one clock. */
function inStep(cameras: readonly string[], fromUs: number): { step: InStep; tiles: Tile[] } {
  const step = new InStep(fromUs, { time: () => undefined, state: () => undefined });
  const members = cameras.map((camera) => {
    const made = tile((state) => step.hear(made.player, state));
    step.join(made.player, { camera, stream: "main", hasSub: true });
    return made;
  });
  return { step, tiles: members };
}

Object.assign(window, {
  inStep,
  tile,
  closeTiles,
  socket,
  timeline,
  timelineEvents,
});
