/** Small pictures of a range, fetched ahead, for a pointer that runs over the timeline. */

import type { Range } from "../timeline";
import { hasDecoder } from "./capability";
import { imageOf, type Frame } from "./frame";
import { lastAtMost } from "./group_store";
import { VIDEO_TRACK, type MediaMessage } from "./media_message";
import type { StreamName } from "./media_socket";
import { MessageReader } from "./message_reader";
import { readFragments, readInit } from "./mp4";
import { PictureDecoder } from "./picture_decoder";
import { nearestFirst, previewPieces, type PreviewPiece } from "./preview_plan";

export interface Preview {
  utcUs: number;
  image: ImageBitmap;
}

export interface PreviewRequest extends Range {
  camera: string;
  stream: StreamName;
  count: number;
}

/** A body of media messages, null where there is none to be had. */
export type FetchPreviews = (
  request: PreviewRequest,
  signal: AbortSignal,
) => Promise<ReadableStream<Uint8Array> | null>;

interface Piece extends PreviewPiece {
  camera: string;
  stream: StreamName;
  pictures: Preview[];
  /** When it was asked for: what was recorded since is missing in it. */
  askedUs: number;
}

const WIDTH = 320;
const MOST_PIECES = 20;
/** A piece that reaches into the present is asked for again after so long. */
const STALE_US = 20e6;
/** An older picture shows another moment: there is a gap. */
const NEAR_US = 30e6;

/**
 * Invariants: one piece is fetched at a time; at most `MOST_PIECES` are kept, those that were wanted last; a picture that
 * was handed out stays whole as long as its piece is kept.
 */
export class Previews {
  private readonly pieces = new Map<string, Piece>();
  private queue: Piece[] = [];
  private aborter: AbortController | null = null;
  private readonly refused = new Set<string>();

  constructor(
    private readonly fetchPreviews: FetchPreviews,
    private readonly onPicture: () => void = () => undefined,
  ) {}

  /** Fetch ahead what can be pointed at; what was wished for before and has not begun is forgotten. */
  want(cameras: readonly { camera: string; stream: StreamName }[], range: Range, aboutUs: number, nowUs: number): void {
    if (!hasDecoder()) return;
    this.queue = nearestFirst(previewPieces(range, nowUs), aboutUs).flatMap((piece) =>
      cameras
        .map((camera) => ({ ...piece, ...camera, pictures: [], askedUs: nowUs }))
        .filter((wish) => this.isNew(wish, nowUs)),
    );
    if (!this.aborter) void this.fetchNext();
  }

  /** The picture of a moment, as near to it as there is one by now. */
  at(camera: string, utcUs: number): Preview | null {
    let best: Preview | null = null;
    for (const piece of this.pieces.values()) {
      if (piece.camera !== camera || utcUs < piece.fromUs || utcUs >= piece.toUs + piece.stepUs) continue;
      const found = piece.pictures[lastAtMost(piece.pictures, utcUs, (preview) => preview.utcUs)];
      if (!found || utcUs - found.utcUs > piece.stepUs + NEAR_US) continue;
      if (!best || found.utcUs > best.utcUs) best = found;
    }
    return best;
  }

  close(): void {
    this.queue = [];
    this.aborter?.abort();
    for (const piece of this.pieces.values()) drop(piece);
    this.pieces.clear();
  }

  private isNew(wish: Piece, nowUs: number): boolean {
    if (this.refused.has(wish.camera)) return false;
    const known = this.pieces.get(keyOf(wish));
    if (!known) return true;
    this.pieces.delete(keyOf(wish)); // wanted again: the last to go
    this.pieces.set(keyOf(wish), known);
    return known.toUs > known.askedUs && nowUs - known.askedUs > STALE_US;
  }

  private async fetchNext(): Promise<void> {
    for (let piece = this.queue.shift(); piece; piece = this.queue.shift()) {
      const aborter = (this.aborter = new AbortController());
      try {
        await this.fetchPiece(piece, aborter.signal);
      } catch {
        this.refused.add(piece.camera); // the timeline works without previews; they are tried again on the next page
      }
      if (aborter.signal.aborted) return;
    }
    this.aborter = null;
  }

  private async fetchPiece(piece: Piece, signal: AbortSignal): Promise<void> {
    const { camera, stream, fromUs, toUs, stepUs } = piece;
    const count = Math.round((toUs - fromUs) / stepUs);
    const body = await this.fetchPreviews({ camera, stream, fromUs, toUs, count }, signal);
    if (!body) throw new Error("no previews");
    await decodeBody(body, (preview) => {
      const at = lastAtMost(piece.pictures, preview.utcUs, ({ utcUs }) => utcUs) + 1;
      piece.pictures.splice(at, 0, preview);
      this.onPicture();
    });
    if (signal.aborted) drop(piece);
    else this.keep(piece);
  }

  private keep(piece: Piece): void {
    const before = this.pieces.get(keyOf(piece));
    this.pieces.delete(keyOf(piece));
    this.pieces.set(keyOf(piece), piece);
    if (before) drop(before);
    for (const [key, oldest] of this.pieces) {
      if (this.pieces.size <= MOST_PIECES) break;
      this.pieces.delete(key);
      drop(oldest);
    }
    this.onPicture();
  }
}

function keyOf({ camera, stream, fromUs, stepUs }: Piece): string {
  return `${camera} ${stream} ${stepUs} ${fromUs}`;
}

function drop(piece: Piece): void {
  for (const { image } of piece.pictures.splice(0)) image.close();
}

/** Each key frame of a body as a small picture. */
async function decodeBody(body: ReadableStream<Uint8Array>, found: (preview: Preview) => void): Promise<void> {
  const small = new SmallPictures();
  let failed = "";
  const decoder = new PictureDecoder(
    (frame) => found(small.of(frame)),
    (failure) => (failed = failure.message),
  );
  const reader = new MessageReader();
  const source = body.getReader();
  try {
    for (let read = await source.read(); !read.done; read = await source.read()) {
      for (const message of reader.feed(read.value)) decodeMessage(decoder, message);
    }
    await decoder.flush();
  } finally {
    decoder.close();
    source.releaseLock();
  }
  if (failed !== "") throw new Error(failed);
}

function decodeMessage(decoder: PictureDecoder, message: MediaMessage): void {
  if (message.track !== VIDEO_TRACK) return;
  if (message.kind === "init") {
    const track = readInit(message.payload);
    if (track.kind === "video") decoder.configure(track);
    return;
  }
  const [sample] = readFragments(message.payload);
  if (sample) decoder.decode({ utcUs: message.utcUs, durationUs: 0, key: true, data: sample.data });
}

/** Copies frames into pictures as large as they are shown, and gives the frames back. */
class SmallPictures {
  private readonly canvas = new OffscreenCanvas(1, 1);
  private readonly context = this.canvas.getContext("2d", { alpha: false });

  of(frame: Frame): Preview {
    const { displayWidth, displayHeight, timestamp: utcUs } = frame;
    const width = Math.min(WIDTH, displayWidth);
    const height = Math.max(1, Math.round((width / displayWidth) * displayHeight));
    this.canvas.width = width;
    this.canvas.height = height;
    this.context?.drawImage(imageOf(frame), 0, 0, width, height);
    frame.close();
    return { utcUs, image: this.canvas.transferToImageBitmap() };
  }
}
