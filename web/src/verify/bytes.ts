/** Small things one does with bytes. Numbers are big-endian, as in every format read here. */

export class Flaw extends Error {
  /** Something in a file that is not as it should be; `offset` counts from the file's beginning. */
  constructor(
    readonly code: string,
    message: string,
    readonly offset?: number,
  ) {
    super(message);
  }
}

export type Bytes = Uint8Array<ArrayBuffer>;

/** The item at `at`, counted from the end where negative; a Flaw where the list is shorter. */
export function nth<T>(list: ArrayLike<T>, at: number): T {
  const found = list[at < 0 ? list.length + at : at];
  if (found === undefined) throw new Flaw("truncated", "Something ends too early.");
  return found;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });

export function utf8(text: string): Bytes {
  return encoder.encode(text);
}

/** The text in `bytes`; a Flaw where they are no UTF-8. */
export function text(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new Flaw("text", "A text is not UTF-8.");
  }
}

export function ascii(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

export function concat(...parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

export function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The bytes of `digits`, two a byte, small letters; a Flaw for anything else. */
export function fromHex(digits: string): Bytes {
  if (digits.length % 2 || /[^0-9a-f]/.test(digits)) throw new Flaw("hex", "A hash is misspelt.");
  return Uint8Array.from({ length: digits.length / 2 }, (_, at) => parseInt(digits.slice(2 * at, 2 * at + 2), 16));
}

/** The bytes of standard base64; a Flaw for anything else. */
export function fromBase64(letters: string): Bytes {
  try {
    return Uint8Array.from(atob(letters), (letter) => letter.charCodeAt(0));
  } catch {
    throw new Flaw("base64", "A value is misspelt.");
  }
}

/** The bytes of base64url without padding (RFC 4648, section 5). */
export function fromBase64Url(letters: string): Bytes {
  return fromBase64(letters.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat(-letters.length & 3));
}

export function u32(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

/** A 64-bit number; a Flaw above what JavaScript counts exactly. */
export function u64(bytes: Uint8Array, at: number): number {
  const value = u32(bytes, at) * 2 ** 32 + u32(bytes, at + 4);
  if (!Number.isSafeInteger(value)) throw new Flaw("number", "A number is too large.");
  return value;
}

export function putU64(value: number): Bytes {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
}

/** SHA-256 by the browser, of parts that are in memory. */
export async function sha256(...parts: readonly Uint8Array[]): Promise<Bytes> {
  const whole = parts.length === 1 ? (parts[0] as Bytes) : concat(...parts);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}
