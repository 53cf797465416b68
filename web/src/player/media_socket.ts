/** The one media WebSocket of a page, and the subscriptions on it (`docs/design/programs.md`, "Media messages"). */

import { SESSION_ENDED } from "../api/close_codes";
import { Backoff } from "./backoff";
import type { Frames } from "./manner";
import { parseMediaMessage, type MediaMessage } from "./media_message";
import { readNote, rfc3339, type Note } from "./notes";

export type SocketState = "connecting" | "open" | "closed";
export type StreamName = "main" | "sub";

export type MediaRequest = { camera: string; stream: StreamName; audio: boolean } & (
  { mode: "live" } | { mode: "playback"; fromUs: number; untilUs: number; speed: number; frames: Frames }
);

/** What a subscription tells its owner. */
export interface MediaListener {
  message(message: MediaMessage): void;
  note(note: Note): void;
  /** The connection broke: nothing comes until `reopened`. */
  lost(): void;
  /** The connection is back. The subscription is over; its owner closes it and subscribes anew. */
  reopened(): void;
}

export interface Subscription {
  /** Playback may send media up to this moment. */
  raiseUntil(untilUs: number): void;
  close(): void;
}

interface Entry {
  request: MediaRequest;
  listener: MediaListener;
  /** Opened on a connection that has since broken. */
  stale: boolean;
}

const MAX_SUBSCRIPTION = 65_535;
const STABLE_MS = 5_000;

function openText(subscription: number, request: MediaRequest): string {
  const { camera, stream, audio } = request;
  const head = { type: "open", subscription, camera, stream, mode: request.mode, audio };
  if (request.mode === "live") return JSON.stringify(head);
  const { fromUs, untilUs, speed, frames } = request;
  return JSON.stringify({ ...head, from: rfc3339(fromUs), until: rfc3339(untilUs), speed, frames });
}

/**
 * Reconnects with back-off and jitter until `close` or the end of the session.
 *
 * Invariant: an entry that is not stale has been asked for on the present connection, or will be when it opens.
 */
export class MediaSocket {
  onStateChange: ((state: SocketState) => void) | null = null;
  /** Nobody is signed in any more; the socket has closed for good. */
  onSessionEnded: (() => void) | null = null;

  private socket: WebSocket | null = null;
  private current: SocketState = "connecting";
  private readonly entries = new Map<number, Entry>();
  private readonly backoff = new Backoff(500, 15_000);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private lastNumber = 0;

  constructor(private readonly url: string) {
    this.connect();
    globalThis.addEventListener("online", this.hurry);
  }

  get state(): SocketState {
    return this.current;
  }

  subscribe(request: MediaRequest, listener: MediaListener): Subscription {
    const number = this.freeNumber();
    const entry: Entry = { request, listener, stale: false };
    this.entries.set(number, entry);
    if (this.current === "open") this.send(openText(number, request));
    return {
      raiseUntil: (untilUs) => {
        if (this.entries.get(number) !== entry) return;
        if (entry.request.mode === "playback") entry.request = { ...entry.request, untilUs };
        const until = { type: "until", subscription: number, until: rfc3339(untilUs) };
        if (!entry.stale) this.send(JSON.stringify(until));
      },
      close: () => {
        if (this.entries.get(number) !== entry) return;
        this.entries.delete(number);
        if (!entry.stale) this.send(JSON.stringify({ type: "close", subscription: number }));
      },
    };
  }

  close(): void {
    globalThis.removeEventListener("online", this.hurry);
    clearTimeout(this.timer);
    this.entries.clear();
    this.drop();
    this.enter("closed");
  }

  private readonly hurry = (): void => {
    if (this.socket) return;
    clearTimeout(this.timer);
    this.connect();
  };

  /** Numbers go round, so that late messages of a closed subscription meet nobody. */
  private freeNumber(): number {
    do this.lastNumber = (this.lastNumber % MAX_SUBSCRIPTION) + 1;
    while (this.entries.has(this.lastNumber));
    return this.lastNumber;
  }

  private connect(): void {
    const socket = new WebSocket(this.url);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.opened();
    socket.onclose = ({ code }) => this.broken(socket, code);
    socket.onmessage = (event: MessageEvent<unknown>) => this.received(event.data);
    this.socket = socket;
    this.enter("connecting");
  }

  private opened(): void {
    this.timer = setTimeout(() => this.backoff.reset(), STABLE_MS);
    this.enter("open");
    for (const [number, entry] of [...this.entries]) {
      if (entry.stale) entry.listener.reopened();
      else if (this.entries.has(number)) this.send(openText(number, entry.request));
    }
  }

  private broken(socket: WebSocket, code: number): void {
    if (socket !== this.socket) return;
    if (code === SESSION_ENDED) {
      this.close();
      this.onSessionEnded?.();
      return;
    }
    const wasOpen = this.current === "open";
    this.drop();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), this.backoff.next());
    this.enter("connecting");
    if (!wasOpen) return;
    for (const entry of [...this.entries.values()]) {
      entry.stale = true;
      entry.listener.lost();
    }
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onclose = socket.onmessage = null;
    socket.close();
  }

  private received(data: unknown): void {
    if (typeof data === "string") this.receivedText(data);
    else if (data instanceof ArrayBuffer) {
      const message = parseMediaMessage(data);
      this.entries.get(message.subscription)?.listener.message(message);
    }
  }

  private receivedText(data: string): void {
    const value = JSON.parse(data) as { subscription?: unknown } | null;
    const note = readNote(value);
    if (note) this.entries.get(Number(value?.subscription))?.listener.note(note);
  }

  private send(text: string): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(text);
  }

  private enter(state: SocketState): void {
    if (state === this.current) return;
    this.current = state;
    this.onStateChange?.(state);
  }
}
