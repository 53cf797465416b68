/** JUMBF (ISO/IEC 19566-5): boxes with labels inside the signature's box, in the one form that exports have. */

import { ascii, concat, equal, Flaw, fromHex, nth, text, u32, utf8, type Bytes } from "./bytes";

export interface Superbox {
  readonly label: string;
  /** The box without its own header: what a hash of it covers. */
  readonly content: Bytes;
  readonly boxes: readonly Superbox[];
  /** The bytes of the first content box, and its type. */
  readonly type: string;
  readonly payload: Bytes;
}

const SUFFIX = fromHex("00110010800000aa00389b71");
const LABELLED = 0x03;
const SALTED = 0x13;
const SALT_SIZE = 24;
const MAX_DEPTH = 4;

/** The superbox that `bytes` are, to the last byte. */
export function superbox(bytes: Bytes, depth = 0): Superbox {
  const whole = parts(bytes);
  const [box] = whole;
  if (depth > MAX_DEPTH || box?.type !== "jumb" || whole.length !== 1) throw wrong();
  const [description, ...inner] = parts(box.content);
  if (description?.type !== "jumd") throw wrong();
  const boxes = inner.filter((part) => part.type === "jumb").map((part) => superbox(part.whole, depth + 1));
  const first = inner.find((part) => part.type !== "jumb");
  if (inner.length !== boxes.length && inner.length !== 1) throw wrong();
  return {
    label: label(description.content),
    content: box.content,
    boxes,
    type: first?.type ?? "",
    payload: first?.content ?? new Uint8Array(),
  };
}

/** The part of `box` with that label; a Flaw where there is none, or more than one. */
export function child(box: Superbox, name: string): Superbox {
  const found = box.boxes.filter((one) => one.label === name);
  if (found.length !== 1) throw wrong();
  return nth(found, 0);
}

/** A Flaw unless `box` begins with just this description: its kind, its label, no salt. */
export function described(box: Superbox, kind: string, name: string): void {
  const body = concat(utf8(kind), SUFFIX, Uint8Array.of(LABELLED), utf8(`${name}\0`));
  if (box.label !== name || !equal(box.content.subarray(8, 8 + body.length), body)) throw wrong();
  if (u32(box.content, 0) !== 8 + body.length) throw wrong();
}

interface Part {
  readonly type: string;
  readonly content: Bytes;
  readonly whole: Bytes;
}

function parts(bytes: Bytes): Part[] {
  const found: Part[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = bytes.length - at < 8 ? 0 : u32(bytes, at);
    if (size < 8 || size > bytes.length - at) throw wrong();
    found.push({
      type: ascii(bytes.subarray(at + 4, at + 8)),
      content: bytes.slice(at + 8, at + size),
      whole: bytes.slice(at, at + size),
    });
    at += size;
  }
  return found;
}

function label(description: Bytes): string {
  const end = description.indexOf(0, 17);
  const toggles = description[16];
  if (end < 0 || !equal(description.subarray(4, 16), SUFFIX)) throw wrong();
  const salt = description.length - end - 1;
  const fits = toggles === SALTED ? salt === SALT_SIZE : toggles === LABELLED && salt === 0;
  if (!fits) throw wrong();
  return text(description.subarray(17, end));
}

function wrong(): Flaw {
  return new Flaw("manifest", "The signature’s box was changed.");
}
