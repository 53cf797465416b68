/** Cuts a body of media messages, each after its `u32` length, into messages (`docs/design/programs.md`). */

import { parseMediaMessage, type MediaMessage } from "./media_message";

const LENGTH_SIZE = 4;
const MAX_MESSAGE = 16 << 20;

/** Invariant: holds the beginning of one message, plus one piece of the body. */
export class MessageReader {
  private held = new Uint8Array(0);

  /** The messages that are complete with `piece`; throws a RangeError for an impossible length. Notes are left out. */
  feed(piece: Uint8Array): MediaMessage[] {
    const joined = new Uint8Array(this.held.length + piece.length);
    joined.set(this.held);
    joined.set(piece, this.held.length);
    const view = new DataView(joined.buffer);
    const found: MediaMessage[] = [];
    let start = 0;
    while (joined.length - start >= LENGTH_SIZE) {
      const length = view.getUint32(start);
      if (length > MAX_MESSAGE) throw new RangeError(`a media message of ${length} bytes`);
      const end = start + LENGTH_SIZE + length;
      if (joined.length < end) break;
      if (view.getUint8(start + LENGTH_SIZE + 2) !== NOTE)
        found.push(parseMediaMessage(joined.buffer.slice(start + LENGTH_SIZE, end)));
      start = end;
    }
    this.held = joined.slice(start);
    return found;
  }
}

const NOTE = 3;
