import { nth } from "./bytes";
/** Hash trees in the shape of RFC 9162 (sections 2.1.1 to 2.1.3). */

import { concat, Flaw, putU64, sha256, utf8, type Bytes } from "./bytes";

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);
export const HASH_SIZE = 32;

export function leaf(...parts: readonly Uint8Array[]): Promise<Bytes> {
  return sha256(LEAF, ...parts);
}

/** Leaf 0 of a segment: whose it is, which one, and its formats. */
export function firstLeaf(camera: string, stream: string, sequence: number, init: Bytes): Promise<Bytes> {
  const names = [camera, stream].map(utf8).flatMap((name) => [Uint8Array.of(name.length), name]);
  return leaf(concat(...names), putU64(sequence), init);
}

/** The root of `leaves`: the left side holds the largest power of two that is smaller than their number. */
export async function root(leaves: readonly Bytes[]): Promise<Bytes> {
  if (leaves.length === 0) return sha256(new Uint8Array());
  if (leaves.length === 1) return nth(leaves, 0);
  let split = 1;
  while (2 * split < leaves.length) split *= 2;
  return sha256(NODE, await root(leaves.slice(0, split)), await root(leaves.slice(split)));
}

/** The root to which `path` leads from leaf `index` of a tree of `size` leaves; a Flaw where it can't. */
export async function rootOf(start: Bytes, index: number, size: number, path: readonly Bytes[]): Promise<Bytes> {
  if (index < 0 || index >= size) throw new Flaw("proof", "A proof is of no line of its ledger.");
  let node = index;
  let last = size - 1;
  let found = start;
  for (const hash of path) {
    if (last === 0 || hash.length !== HASH_SIZE) throw new Flaw("proof", "A proof does not fit its ledger.");
    if (node % 2 || node === last) {
      found = await sha256(NODE, hash, found);
      while (node % 2 === 0 && node) {
        node = node / 2;
        last = Math.floor(last / 2);
      }
    } else {
      found = await sha256(NODE, found, hash);
    }
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  if (last) throw new Flaw("proof", "A proof is too short.");
  return found;
}
