import { nth } from "./bytes";
/** The claim's signature: COSE_Sign1 with a detached payload (RFC 9052, section 4.2; C2PA 2, section 13.2). */

import { Flaw, utf8, concat, type Bytes } from "./bytes";
import { asBytes, asList, asMap, decode, head, Tagged, type Cbor } from "./cbor";
import { readCertificate, verifies, type Certificate } from "./x509";

const SIGN1 = 18;
const ES256 = -7;
const ALGORITHM = 1;
const X5CHAIN = 33; // RFC 9360
const PADDING = new Set<Cbor>(["pad", "pad2"]);
const MAX_CHAIN = 4;

/** The chain whose first key signed `claim`; a Flaw where `signature` is not over it. */
export async function signers(signature: Bytes, claim: Bytes): Promise<Certificate[]> {
  const whole = decode(signature);
  if (!(whole instanceof Tagged) || whole.tag !== SIGN1) throw new Flaw("signature", "The signature can’t be read.");
  const [protectedHeader, unprotected, payload, value] = asList(whole.value);
  if (payload !== null) throw new Flaw("signature", "The signature has a payload of its own.");
  const signed = asBytes(protectedHeader);
  const header = asMap(decode(signed));
  if (header.size !== 2) throw new Flaw("signature", "The signature is of a kind not known here.");
  if (header.get(ALGORITHM) !== ES256) throw new Flaw("signature", "The signature is of a kind not known here.");
  checkUnprotected(asMap(unprotected));
  const chain = certificates(header.get(X5CHAIN));
  const context = utf8("Signature1");
  const structure = concat(
    Uint8Array.from([0x84, ...head(3, context.length)]),
    context,
    Uint8Array.from(head(2, signed.length)),
    signed,
    Uint8Array.from(head(2, 0)),
    Uint8Array.from(head(2, claim.length)),
    claim,
  );
  if (!(await verifies(nth(chain, 0), structure, asBytes(value)))) {
    throw new Flaw("signature", "The signature does not fit the file.");
  }
  return chain;
}

function certificates(value: Cbor | undefined): Certificate[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.length < 1 || list.length > MAX_CHAIN) throw new Flaw("signature", "The signature names no signer.");
  return list.map((one) => readCertificate(asBytes(one)));
}

function checkUnprotected(header: Map<Cbor, Cbor>): void {
  for (const [name, value] of header) {
    const blank = PADDING.has(name) && asBytes(value).every((byte) => byte === 0);
    if (!blank) throw new Flaw("manifest", "Unsigned bytes in the signature were changed.");
  }
}
