/** One subscription and the engine that shows it. */

import { chosenEngine, type Capability, type EngineKind, type Support } from "./capability";
import { describe, type Engine, type EngineContext, type EngineEvents } from "./engine";
import { METADATA_TRACK, VIDEO_TRACK, type MediaMessage } from "./media_message";
import type { MediaRequest, MediaSocket, Subscription } from "./media_socket";
import { readInit, type VideoDescription } from "./mp4";
import type { Note } from "./notes";
import { Seen, type SeenBox } from "./seen";

export interface LayerEvents extends EngineEvents {
  /** The engine is chosen: its element can be put on the stage. */
  ready(): void;
  note(note: Exclude<Note, { type: "opened" }>): void;
  /** No engine of this browser plays the stream. */
  unplayable(track: VideoDescription): void;
  lost(): void;
  reopened(): void;
}

export interface LayerOptions<E extends Engine> {
  socket: MediaSocket;
  capability: Capability;
  request: MediaRequest;
  prefer: EngineKind;
  /** No other engine will do. */
  only?: boolean;
  volume: number;
  make(kind: EngineKind, context: EngineContext): E;
  events: LayerEvents;
}

/** Messages kept while the browser is asked what it plays. */
const MAX_HELD = 1_000;

/** Invariant: no event is told once disowned; messages reach the engine in the order in which they came. */
export class Layer<E extends Engine> {
  engine: E | null = null;
  /** A picture of this layer has been painted. */
  painted = false;
  /** Media has come, whether or not the engine has taken it in. */
  fed = false;

  private readonly subscription: Subscription;
  private opened: Extract<Note, { type: "opened" }> | null = null;
  private held: MediaMessage[] = [];
  private readonly seen = new Seen();
  private asking = false;
  private owned = true;
  private closed = false;

  constructor(private readonly options: LayerOptions<E>) {
    this.subscription = options.socket.subscribe(options.request, {
      message: (message) => this.guarded(() => this.received(message)),
      note: (note) => this.noted(note),
      lost: () => this.tell((events) => events.lost()),
      reopened: () => this.tell((events) => events.reopened()),
    });
  }

  get stream(): "main" | "sub" {
    return this.options.request.stream;
  }

  get element(): HTMLCanvasElement | HTMLVideoElement {
    if (!this.engine) throw new Error("the layer is not ready");
    return this.engine.element;
  }

  raiseUntil(untilUs: number): void {
    this.subscription.raiseUntil(untilUs);
  }

  /** Tell nothing any more; the picture moves on until the layer is frozen or closed. */
  disown(): void {
    this.owned = false;
  }

  /** Stop the stream, keep the picture. */
  freeze(): void {
    this.disown();
    this.subscription.close();
    this.engine?.freeze();
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.disown();
    this.held = [];
    this.subscription.close();
    this.engine?.close();
  }

  /** What the camera saw in the picture of a moment. */
  boxesAt(utcUs: number): readonly SeenBox[] {
    return this.seen.at(utcUs);
  }

  private received(message: MediaMessage): void {
    if (message.track === METADATA_TRACK) {
      this.seen.push(message);
      return;
    }
    this.fed ||= message.kind !== "init";
    if (this.engine) this.engine.push(message);
    else this.hold(message);
  }

  /** Until the engine is there: the video's init segment says which one it will be. */
  private hold(message: MediaMessage): void {
    if (this.held.length >= MAX_HELD) throw new RangeError("media came, but nothing that says what it is");
    this.held.push(message);
    if (this.asking || message.kind !== "init" || message.track !== VIDEO_TRACK) return;
    const track = readInit(message.payload);
    if (track.kind !== "video") throw new RangeError("track 1 is not video");
    this.asking = true;
    const known = this.options.capability.known(track);
    if (known) this.choose(track, known);
    else void this.options.capability.ask(track).then((support) => this.guarded(() => this.choose(track, support)));
  }

  private choose(track: VideoDescription, support: Support): void {
    const { prefer, only } = this.options;
    const kind = chosenEngine(support, prefer);
    if (kind && (!only || kind === prefer)) this.start(kind);
    else this.tell((events) => events.unplayable(track));
  }

  private start(kind: EngineKind): void {
    const { request, volume } = this.options;
    if (!this.opened) throw new RangeError("media came before the note that opens it");
    const { originUs, tracks } = this.opened;
    const context = { originUs, tracks, sound: request.audio, volume, events: this.engineEvents(kind) };
    this.engine = this.options.make(kind, context);
    this.tell((events) => events.ready());
    for (const message of this.held.splice(0)) this.engine.push(message);
  }

  private engineEvents(kind: EngineKind): EngineEvents {
    return {
      painted: (utcUs) => this.tell((events) => events.painted(utcUs)),
      failed: (failure) => {
        if (failure.early && this.owned) this.options.capability.markUnplayable(kind, failure.codecString);
        this.tell((events) => events.failed(failure));
      },
      silent: (why) => this.tell((events) => events.silent(why)),
      hole: (fromUs, toUs) => this.tell((events) => events.hole(fromUs, toUs)),
    };
  }

  private noted(note: Note): void {
    if (note.type !== "opened") {
      this.tell((events) => events.note(note));
      return;
    }
    // The hub asked the recorder anew: media times count from another origin, which no engine can follow.
    const moved = this.engine && this.opened && this.opened.originUs !== note.originUs;
    this.opened = note;
    if (moved) this.tell((events) => events.reopened());
  }

  private tell(what: (events: LayerEvents) => void): void {
    if (this.owned) what(this.options.events);
  }

  /** Bytes that are not what they should be end this layer, never the page. */
  private guarded(work: () => void): void {
    if (this.closed) return;
    try {
      work();
    } catch (error) {
      this.tell((events) => events.failed({ codecString: "", early: false, message: describe(error) }));
    }
  }
}
