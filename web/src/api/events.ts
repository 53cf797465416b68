import { SESSION_ENDED } from "./close_codes";
import type { ChangeMessage } from "./gen";

export type EventsState = "connecting" | "open" | "lost" | "ended";

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 10_000;

/** How long to wait before the n-th try: doubling, with jitter so that many pages don't return at once. */
export function retryDelayMs(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** attempt);
  return ceiling * (0.5 + random / 2);
}

const KNOWN: readonly unknown[] = [
  "camera",
  "recorder",
  "storage",
  "export",
  "event",
  "connection",
] satisfies ChangeMessage["change"][];

export function readChange(message: string): ChangeMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || !("change" in value) || !("value" in value)) return null;
  return KNOWN.includes(value.change) ? (value as ChangeMessage) : null;
}

/**
 * What the recorder tells of itself, over one socket that comes back by itself.
 *
 * Invariant: at most one socket and one retry timer exist; after `close` neither does.
 */
export class Events {
  private socket: WebSocket | null = null;
  private timer: number | undefined;
  private attempt = 0;
  private closed = false;

  constructor(
    private readonly url: string,
    private readonly onChange: (change: ChangeMessage) => void,
    private readonly onState: (state: EventsState) => void,
  ) {
    this.connect();
  }

  close(): void {
    this.closed = true;
    window.clearTimeout(this.timer);
    this.socket?.close();
  }

  /** Try now: the network is back, or the page is seen again. */
  retry(): void {
    if (this.closed || this.socket !== null) return;
    window.clearTimeout(this.timer);
    this.connect();
  }

  private connect(): void {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    socket.onopen = () => {
      this.attempt = 0;
      if (!this.closed) this.onState("open");
    };
    socket.onmessage = (event: MessageEvent<unknown>) => {
      const change = typeof event.data === "string" ? readChange(event.data) : null;
      if (change && !this.closed) this.onChange(change);
    };
    socket.onclose = ({ code }) => {
      this.socket = null;
      if (this.closed) return;
      if (code === SESSION_ENDED) {
        this.closed = true;
        this.onState("ended");
        return;
      }
      this.onState("lost");
      this.timer = window.setTimeout(() => this.connect(), retryDelayMs(this.attempt++, Math.random()));
    };
  }
}
