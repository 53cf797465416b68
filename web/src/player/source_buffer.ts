/** A `SourceBuffer` with a queue: one operation at a time, a full buffer is emptied behind the play head. */

type Operation =
  | { do: "append"; bytes: Uint8Array<ArrayBuffer> }
  | { do: "changeType"; type: string }
  | { do: "remove"; fromS: number; toS: number };

export interface BufferHost {
  /** Up to where (seconds) may be forgotten when the browser's quota is used up. */
  forgettableS(): number;
  failed(message: string): void;
  /** The ranges have changed. */
  appended(): void;
}

const MAX_QUEUED = 64 << 20;
const MAX_JOINED = 1 << 20;
const QUOTA_RETRY_MS = 500;

/** Invariant: operations reach the browser in the order of the calls; `queued` counts the bytes that have not. */
export class TrackBuffer {
  private buffer: SourceBuffer | null = null;
  private readonly operations: Operation[] = [];
  private queued = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private closed = false;

  constructor(private readonly host: BufferHost) {}

  /** Begin to work on `buffer`, once the media source is open. */
  attach(buffer: SourceBuffer): void {
    this.buffer = buffer;
    buffer.mode = "segments";
    buffer.addEventListener("updateend", this.updated);
    buffer.addEventListener("error", this.refused);
    this.pump();
  }

  append(bytes: Uint8Array<ArrayBuffer>): void {
    this.queued += bytes.length;
    if (this.queued > MAX_QUEUED) this.host.failed("the browser takes no more media");
    else this.enqueue({ do: "append", bytes });
  }

  changeType(type: string): void {
    this.enqueue({ do: "changeType", type });
  }

  prune(beforeS: number): void {
    const start = this.ranges()[0]?.[0];
    if (start !== undefined && start < beforeS) this.enqueue({ do: "remove", fromS: 0, toS: beforeS });
  }

  /** The buffered ranges in seconds. */
  ranges(): [number, number][] {
    if (!this.buffer || this.closed) return [];
    const { buffered } = this.buffer;
    return Array.from({ length: buffered.length }, (_, index) => [buffered.start(index), buffered.end(index)]);
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.retry);
    this.operations.length = 0;
    this.buffer?.removeEventListener("updateend", this.updated);
    this.buffer?.removeEventListener("error", this.refused);
  }

  private readonly updated = (): void => {
    this.host.appended();
    this.pump();
  };

  private readonly refused = (): void => this.host.failed("the browser refused the media");

  private enqueue(operation: Operation): void {
    this.operations.push(operation);
    this.pump();
  }

  private readonly pump = (): void => {
    if (this.closed || !this.buffer || this.buffer.updating) return;
    const operation = this.operations.shift();
    if (!operation) return;
    try {
      this.perform(this.buffer, operation);
    } catch (error) {
      this.failed(operation, error);
    }
  };

  private perform(buffer: SourceBuffer, operation: Operation): void {
    switch (operation.do) {
      case "append": {
        operation.bytes = this.joined(operation.bytes);
        buffer.appendBuffer(operation.bytes);
        this.queued -= operation.bytes.length;
        return;
      }
      case "changeType":
        buffer.changeType(operation.type);
        this.pump(); // fires no updateend
        return;
      case "remove":
        buffer.remove(operation.fromS, operation.toS);
    }
  }

  /** Appends that wait behind `bytes`, in one piece with it: the overhead is per append. */
  private joined(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const parts = [bytes];
    let size = bytes.length;
    for (;;) {
      const next = this.operations[0];
      if (next?.do !== "append" || size + next.bytes.length > MAX_JOINED) break;
      parts.push(next.bytes);
      size += next.bytes.length;
      this.operations.shift();
    }
    if (parts.length === 1) return bytes;
    const whole = new Uint8Array(size);
    parts.reduce((at, part) => (whole.set(part, at), at + part.length), 0);
    return whole;
  }

  private failed(operation: Operation, error: unknown): void {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "QuotaExceededError") this.makeRoom(operation);
    // The element went away or reported its error already, by its own event.
    else if (name !== "InvalidStateError") this.host.failed(String(error));
  }

  private makeRoom(operation: Operation): void {
    this.operations.unshift(operation);
    const toS = this.host.forgettableS();
    const start = this.ranges()[0]?.[0] ?? Infinity;
    if (toS > start && this.buffer) this.buffer.remove(0, toS);
    else this.retry = setTimeout(this.pump, QUOTA_RETRY_MS);
  }
}
