/** CBOR (RFC 8949), as much of it as claims and signatures use; bytes from outside, so everything is bounded. */

import { Flaw, nth, text, u32, u64, type Bytes } from "./bytes";

export type Cbor = number | string | boolean | null | Bytes | Cbor[] | Map<Cbor, Cbor> | Tagged;

export class Tagged {
  constructor(
    readonly tag: number,
    readonly value: Cbor,
  ) {}
}

const MAX_DEPTH = 32;

class Reader {
  private at = 0;

  constructor(private readonly bytes: Bytes) {}

  whole(): Cbor {
    const value = this.value(0);
    if (this.at !== this.bytes.length) throw new Flaw("cbor", "Bytes stand behind a value.");
    return value;
  }

  private value(depth: number): Cbor {
    if (depth > MAX_DEPTH) throw new Flaw("cbor", "A value is nested too deeply.");
    const first = nth(this.take(1), 0);
    const kind = first >> 5;
    if (kind === 7) return this.simple(first & 31);
    const size = this.argument(first & 31);
    switch (kind) {
      case 0:
        return size;
      case 1:
        return -1 - size;
      case 2:
        return this.take(size);
      case 3:
        return text(this.take(size));
      case 4:
        return this.items(size, depth);
      case 5:
        return this.entries(size, depth);
      default:
        return new Tagged(size, this.value(depth + 1));
    }
  }

  private argument(form: number): number {
    if (form < 24) return form;
    if (form === 24) return shortest(nth(this.take(1), 0), 24);
    if (form === 25) return shortest((nth(this.take(1), 0) << 8) | nth(this.take(1), 0), 256);
    if (form === 26) return shortest(u32(this.take(4), 0), 65_536);
    if (form === 27) return shortest(u64(this.take(8), 0), 2 ** 32);
    throw new Flaw("cbor", "A value has no length.");
  }

  private simple(form: number): Cbor {
    if (form === 20 || form === 21) return form === 21;
    if (form === 22) return null;
    throw new Flaw("cbor", "A value is of an unknown kind.");
  }

  private items(size: number, depth: number): Cbor[] {
    this.fits(size);
    return Array.from({ length: size }, () => this.value(depth + 1));
  }

  private entries(size: number, depth: number): Map<Cbor, Cbor> {
    this.fits(size);
    const found = new Map<Cbor, Cbor>();
    for (let n = 0; n < size; n++) {
      const key = this.value(depth + 1);
      if (found.has(key)) throw new Flaw("cbor", "A name stands twice.");
      found.set(key, this.value(depth + 1));
    }
    return found;
  }

  private fits(size: number): void {
    if (size > this.bytes.length - this.at) throw new Flaw("cbor", "A list is longer than its bytes.");
  }

  private take(size: number): Bytes {
    if (size > this.bytes.length - this.at) throw new Flaw("cbor", "A value ends too early.");
    this.at += size;
    return this.bytes.slice(this.at - size, this.at);
  }
}

/** `value`, which is too large for a shorter spelling (RFC 8949, section 4.2.1). */
function shortest(value: number, least: number): number {
  if (value < least) throw new Flaw("cbor", "A value is spelt in an unusual way.");
  return value;
}

/** The one value in `bytes`; a Flaw for anything else. */
export function decode(bytes: Bytes): Cbor {
  return new Reader(bytes).whole();
}

export function asMap(value: Cbor | undefined): Map<Cbor, Cbor> {
  if (!(value instanceof Map)) throw new Flaw("cbor", "A value has the wrong kind.");
  return value;
}

export function asList(value: Cbor | undefined): Cbor[] {
  if (!Array.isArray(value)) throw new Flaw("cbor", "A value has the wrong kind.");
  return value;
}

export function asBytes(value: Cbor | undefined): Bytes {
  if (!(value instanceof Uint8Array)) throw new Flaw("cbor", "A value has the wrong kind.");
  return value;
}

export function asText(value: Cbor | undefined): string {
  if (typeof value !== "string") throw new Flaw("cbor", "A value has the wrong kind.");
  return value;
}

/** The head of a byte string or a text of `size` bytes. */
export function head(kind: 2 | 3, size: number): number[] {
  if (size < 24) return [(kind << 5) | size];
  if (size < 256) return [(kind << 5) | 24, size];
  if (size < 65536) return [(kind << 5) | 25, size >> 8, size & 255];
  return [(kind << 5) | 26, size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255];
}
