/** The signed list of files in a zip (`docs/design/programs.md`, "Exports"). */

import { verifyText as words } from "../text/verify";
import { fromBase64Url } from "./bytes";
import { card, element, list } from "./dom";
import type { Trust } from "./verify";
import { fingerprint, leadsTo, readPem, verifies } from "./x509";
import type { Entry } from "./zip";

const MAX_SIZE = 4 << 20;

/** A card that says whether the list is signed by the trusted recorder and whether all its files are there. */
export async function checkManifest(files: readonly Entry[], trust: Trust): Promise<HTMLElement> {
  const missing = await missingFiles(files, trust).catch(() => null);
  if (missing === null) return card(words.files, element("p", {}, words.manifest.bad));
  if (!missing.length) return card(words.files, element("p", {}, words.manifest.good));
  return card(words.files, list(missing.map(words.manifest.missing)));
}

/** The listed files that are not there; an error, or null, where the list itself can't be trusted. */
async function missingFiles(files: readonly Entry[], trust: Trust): Promise<string[] | null> {
  const manifest = await content(files, "manifest.json");
  const signature = fromBase64Url(new TextDecoder().decode(await content(files, "manifest.sig")).trim());
  const chain = readPem(new TextDecoder().decode(await content(files, "chain.pem")));
  const [leaf, root] = [chain[0], chain.at(-1)];
  if (!leaf || !root || !trust) return null;
  const trusted = "pem" in trust ? readPem(trust.pem) : [root];
  const meant = "pem" in trust || plain(await fingerprint(root)) === plain(trust.fingerprint);
  const led = await Promise.all(trusted.map((one) => leadsTo(chain, one)));
  if (!meant || !led.includes(true) || !(await verifies(leaf, manifest, signature))) return null;
  const { files: listed } = JSON.parse(new TextDecoder().decode(manifest)) as {
    files: { name: string; bytes: number }[];
  };
  return listed
    .filter((one) => !files.some((file) => nameOf(file) === one.name && file.blob.size === one.bytes))
    .map((one) => one.name);
}

async function content(files: readonly Entry[], name: string): Promise<Uint8Array<ArrayBuffer>> {
  const found = files.find((file) => nameOf(file) === name);
  if (!found || found.blob.size > MAX_SIZE) throw new Error(`no ${name}`);
  return new Uint8Array(await found.blob.arrayBuffer());
}

function nameOf(file: Entry): string {
  return file.name.split("/").at(-1) ?? "";
}

function plain(digits: string): string {
  return digits.replace(/[^0-9a-f]/gi, "").toUpperCase();
}
