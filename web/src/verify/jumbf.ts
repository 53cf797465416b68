import { nth } from "./bytes";
/** JUMBF (ISO/IEC 19566-5): boxes with labels inside the signature's box. */

import { ascii, Flaw, text, u32, type Bytes } from "./bytes";

export interface Superbox {
  readonly label: string;
  /** The box without its own header: what a hash of it covers (C2PA 2, section 8.4.2.3). */
  readonly content: Bytes;
  readonly boxes: readonly Superbox[];
  /** The bytes of the first content box, and its type. */
  readonly type: string;
  readonly payload: Bytes;
}

const MAX_DEPTH = 8;
const HAS_LABEL = 2;
const PADDING = new Set(["free", "c2sh"]);

/** The superbox that `bytes` are, with everything in it. */
export function superbox(bytes: Bytes, depth = 0): Superbox {
  if (depth > MAX_DEPTH) throw new Flaw("jumbf", "The signature is nested too deeply.");
  const [whole, ...behind] = parts(bytes);
  if (!whole || whole.type !== "jumb") throw new Flaw("jumbf", "The signature can’t be read.");
  if (depth === 0 && behind.some((part) => part.content.some((byte) => byte !== 0) || part.type !== "")) {
    throw new Flaw("jumbf", "Something stands behind the signature.");
  }
  const [description, ...inner] = parts(whole.content);
  if (!description || description.type !== "jumd") throw new Flaw("jumbf", "A part of the signature has no name.");
  const first = inner.find((part) => part.type !== "jumb" && !PADDING.has(part.type));
  return {
    label: label(description.content),
    content: whole.content,
    boxes: inner.filter((part) => part.type === "jumb").map((part) => superbox(part.whole, depth + 1)),
    type: first?.type ?? "",
    payload: first?.content ?? new Uint8Array(),
  };
}

/** The part of `box` with that label; a Flaw where there is none, or more than one. */
export function child(box: Superbox, name: string): Superbox {
  const found = box.boxes.filter((one) => one.label === name);
  if (found.length !== 1) throw new Flaw("jumbf", `The signature lacks “${name}”.`);
  return nth(found, 0);
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
    if (size === 0) {
      found.push({ type: "", content: bytes.slice(at), whole: bytes.slice(at) });
      break;
    }
    if (size < 8 || size > bytes.length - at) throw new Flaw("jumbf", "A part of the signature is too long.");
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
  if (description.length < 18 || !(nth(description, 16) & HAS_LABEL) || end < 0) {
    throw new Flaw("jumbf", "A part of the signature has no name.");
  }
  return text(description.subarray(17, end));
}
