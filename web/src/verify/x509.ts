import { nth } from "./bytes";
/** Certificates (RFC 5280): read as far as two levels of EC P-256 with SHA-256 need. */

import { equal, Flaw, fromBase64, hex, sha256, text, type Bytes } from "./bytes";

export interface Certificate {
  readonly der: Bytes;
  readonly signed: Bytes;
  readonly signature: Bytes;
  readonly issuer: Bytes;
  readonly subject: Bytes;
  readonly name: string;
  /** The unit in the subject: the recorder's id. */
  readonly unit: string;
  readonly publicKey: Bytes;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly authority: boolean;
}

const ECDSA_SHA256 = "2a8648ce3d040302"; // RFC 5758, section 3.2
const P256_KEY = "301306072a8648ce3d020106082a8648ce3d030107"; // AlgorithmIdentifier of RFC 5480, section 2.1.1
const COMMON_NAME = "550403";
const UNIT = "55040b";
const BASIC_CONSTRAINTS = "551d13";

interface Item {
  readonly tag: number;
  readonly content: Bytes;
  readonly whole: Bytes;
}

function items(bytes: Bytes): Item[] {
  const found: Item[] = [];
  for (let at = 0; at < bytes.length;) {
    let size = bytes[at + 1] ?? 0;
    let start = at + 2;
    if (size & 0x80) {
      const digits = size & 0x7f;
      if (digits < 1 || digits > 3) throw new Flaw("certificate", "A certificate can’t be read.");
      size = bytes.subarray(start, start + digits).reduce((sum, byte) => sum * 256 + byte, 0);
      start += digits;
    }
    if (start + size > bytes.length) throw new Flaw("certificate", "A certificate can’t be read.");
    found.push({
      tag: nth(bytes, at),
      content: bytes.slice(start, start + size),
      whole: bytes.slice(at, start + size),
    });
    at = start + size;
  }
  return found;
}

/** The certificate in `der`; a Flaw for other keys and signatures than P-256 with SHA-256. */
export function readCertificate(der: Bytes): Certificate {
  const outer = nth(items(der), 0);
  const [signed, algorithm, signature] = items(outer.content);
  if (!signed || !algorithm || !signature || signature.content[0] !== 0) {
    throw new Flaw("certificate", "A certificate can’t be read.");
  }
  if (hex(items(algorithm.content)[0]?.content ?? new Uint8Array()) !== ECDSA_SHA256) {
    throw new Flaw("certificate", "A certificate is signed in a way that is not known here.");
  }
  const fields = items(signed.content);
  const [, , issuer, validity, subject, key] = fields[0]?.tag === 0xa0 ? fields.slice(1) : [undefined, ...fields];
  const [from, to] = validity ? items(validity.content) : [];
  if (!issuer || !subject || !key || !from || !to) throw new Flaw("certificate", "A certificate can’t be read.");
  if (hex(items(key.content)[0]?.whole ?? new Uint8Array()) !== P256_KEY) {
    throw new Flaw("certificate", "A certificate’s key is not of P-256.");
  }
  return {
    der: outer.whole,
    signed: signed.whole,
    signature: rawSignature(signature.content.slice(1)),
    issuer: issuer.whole,
    subject: subject.whole,
    name: attribute(subject.content, COMMON_NAME),
    unit: attribute(subject.content, UNIT),
    publicKey: key.whole,
    notBefore: moment(from),
    notAfter: moment(to),
    authority: isAuthority(fields.find((field) => field.tag === 0xa3)),
  };
}

/** The certificates of a PEM text, in its order. */
export function readPem(pem: string): Certificate[] {
  const found = pem.matchAll(/-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/g);
  return Array.from(found, ([, letters = ""]) => readCertificate(fromBase64(letters.replace(/\s/g, ""))));
}

/** SHA-256 of the certificate, as people compare it. */
export async function fingerprint(certificate: Certificate): Promise<string> {
  return hex(await sha256(certificate.der))
    .toUpperCase()
    .replace(/(..)(?!$)/g, "$1:");
}

/** The id of a certificate's key (`docs/design/evidence.md`, "Keys"). */
export async function keyId(certificate: Certificate): Promise<string> {
  return hex(await sha256(certificate.publicKey)).slice(0, 16);
}

/** Whether the key of `certificate` made `signature` (`r || s`) over `data`. */
export async function verifies(certificate: Certificate, data: Bytes, signature: Bytes): Promise<boolean> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  try {
    const key = await crypto.subtle.importKey("spki", certificate.publicKey, algorithm, false, ["verify"]);
    return await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, data);
  } catch {
    return false;
  }
}

/** Whether `chain`, leaf first, leads to `root`, each certificate issued by the next. */
export async function leadsTo(chain: readonly Certificate[], root: Certificate): Promise<boolean> {
  const last = chain.at(-1);
  if (!last) return false;
  const links = equal(last.der, root.der) ? [...chain] : [...chain, root];
  for (const [at, above] of links.slice(1).entries()) {
    const below = nth(links, at);
    const issued = above.authority && equal(below.issuer, above.subject);
    if (!issued || !(await verifies(above, below.signed, below.signature))) return false;
  }
  return verifies(root, root.signed, root.signature);
}

/** `r || s` of an ECDSA signature in DER. */
export function rawSignature(der: Bytes): Bytes {
  const [sequence] = items(der);
  const numbers = sequence ? items(sequence.content) : [];
  if (numbers.length !== 2) throw new Flaw("certificate", "A signature can’t be read.");
  const raw = new Uint8Array(64);
  for (const [at, number] of numbers.entries()) {
    const digits = number.content[0] === 0 ? number.content.slice(1) : number.content;
    if (digits.length > 32) throw new Flaw("certificate", "A signature can’t be read.");
    raw.set(digits, 32 * (at + 1) - digits.length);
  }
  return raw;
}

function attribute(subject: Bytes, wanted: string): string {
  for (const set of items(subject)) {
    const [type, value] = items(items(set.content)[0]?.content ?? new Uint8Array());
    if (type && value && hex(type.content) === wanted) return text(value.content);
  }
  return "";
}

function isAuthority(extensions: Item | undefined): boolean {
  const list = extensions ? items(items(extensions.content)[0]?.content ?? new Uint8Array()) : [];
  for (const extension of list) {
    const [type, ...rest] = items(extension.content);
    if (!type || hex(type.content) !== BASIC_CONSTRAINTS) continue;
    const [flag] = items(items(rest.at(-1)?.content ?? new Uint8Array())[0]?.content ?? new Uint8Array());
    return flag?.tag === 1 && flag.content[0] === 0xff;
  }
  return false;
}

function moment(item: Item): Date {
  const digits = text(item.content);
  const year =
    item.tag === 0x17 ? (Number(digits.slice(0, 2)) < 50 ? "20" : "19") + digits.slice(0, 2) : digits.slice(0, 4);
  const rest = item.tag === 0x17 ? digits.slice(2) : digits.slice(4);
  const [month, day, hour, minute, second] = rest.match(/\d\d/g) ?? [];
  const found = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(found.getTime())) throw new Flaw("certificate", "A certificate has no dates.");
  return found;
}
