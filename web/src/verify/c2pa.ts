import { nth } from "./bytes";
/** The C2PA manifest of an export: who signed which claim, and that the claim covers every byte outside its own box. */

import { equal, Flaw, putU64, sha256, type Bytes } from "./bytes";
import { manifest, type Layout } from "./boxes";
import { asBytes, asList, asMap, asText, decode, type Cbor } from "./cbor";
import { signers } from "./cose";
import { child, described, superbox, type Superbox } from "./jumbf";
import { Sha256 } from "./sha256";
import type { Source } from "./source";
import type { Certificate } from "./x509";

export interface Claim {
  readonly chain: readonly Certificate[];
  readonly assertions: ReadonlyMap<string, Superbox>;
}

const BINDING = "c2pa.hash.bmff.v3";
/** What C2PA leaves out; none of it but `ftyp` and our own `uuid` can stand in an export. */
const EXCLUDED = new Set(["/uuid", "/ftyp", "/mfra", "/free", "/skip"]);
const PIECE = 4 << 20;
const URN = /^urn:c2pa:[0-9a-f-]{36}$/;

/** The signed claim and its assertions, each as it was hashed; a Flaw where anything does not fit. */
export async function readClaim(source: Source, layout: Layout): Promise<Claim> {
  const store = superbox(await manifest(source, layout.uuid));
  const active = nth(store.boxes, 0);
  described(store, "c2pa", "c2pa");
  described(active, "c2ma", active.label);
  const kinds = ["c2as", "c2cl", "c2cs"];
  const names = ["c2pa.assertions", "c2pa.claim.v2", "c2pa.signature"];
  if (store.boxes.length !== 1 || active.boxes.length !== 3 || !URN.test(active.label)) throw changed(layout);
  names.forEach((name, at) => described(nth(active.boxes, at), nth(kinds, at), name));
  if (active.boxes.slice(1).some((box) => box.type !== "cbor")) throw changed(layout);
  const claim = child(active, "c2pa.claim.v2").payload;
  const chain = await signers(child(active, "c2pa.signature").payload, claim);
  const known = child(active, "c2pa.assertions").boxes;
  const assertions = new Map<string, Superbox>();
  for (const [label, hash] of references(asMap(decode(claim)))) {
    const found = known.filter((one) => one.label === label);
    if (found.length !== 1 || !equal(await sha256(nth(found, 0).content), hash)) {
      throw new Flaw("assertion", `What the signature says (“${label}”) was changed.`, layout.uuid.offset);
    }
    assertions.set(label, nth(found, 0));
  }
  if (assertions.size !== known.length) {
    throw new Flaw("assertion", "Something was added to the signature.", layout.uuid.offset);
  }
  return { chain, assertions };
}

function changed(layout: Layout): Flaw {
  return new Flaw("manifest", "The signature’s box was changed.", layout.uuid.offset);
}

function references(claim: Map<Cbor, Cbor>): [string, Bytes][] {
  const lists = ["created_assertions", "gathered_assertions"].map((name) => claim.get(name));
  return lists
    .filter((list) => list !== undefined)
    .flatMap(asList)
    .map((one) => {
      const reference = asMap(one);
      const algorithm = reference.get("alg") ?? claim.get("alg");
      if (algorithm !== "sha256") throw new Flaw("assertion", "A hash is of a kind not known here.");
      return [nth(asText(reference.get("url")).split("/"), -1), asBytes(reference.get("hash"))];
    });
}

/** Whether the file's bytes have the hash in the claim; `progress` is told how many were read. */
export async function checkBinding(
  source: Source,
  layout: Layout,
  claim: Claim,
  progress: (bytes: number) => void,
): Promise<boolean> {
  const binding = claim.assertions.get(BINDING);
  if (!binding) throw new Flaw("binding", "The signature does not cover the footage.");
  const said = asMap(decode(binding.payload));
  for (const exclusion of asList(said.get("exclusions"))) {
    if (!EXCLUDED.has(asText(asMap(exclusion).get("xpath")))) {
      throw new Flaw("binding", "The signature leaves a part of the file out.");
    }
  }
  if (said.get("alg") !== "sha256" || said.has("merkle")) {
    throw new Flaw("binding", "The file’s hash is of a kind not known here.");
  }
  const hash = new Sha256();
  for (const box of [layout.moov, layout.meta, ...layout.mdats]) {
    hash.update(putU64(box.offset)); // so that boxes can't change places (C2PA 2, section A.5)
    for (let at = 0; at < box.size; at += PIECE) {
      const piece = await source.read(box.offset + at, Math.min(PIECE, box.size - at));
      hash.update(piece);
      progress(piece.length);
    }
  }
  return equal(hash.digest(), asBytes(said.get("hash")));
}
