/** The verdict on one export (`docs/reference/evidence.md`), reached from the file and a trusted root alone. */

import { equal, Flaw } from "./bytes";
import { kindOf, layout, type Layout } from "./boxes";
import { checkBinding, readClaim } from "./c2pa";
import { checkGaps, checkHeads, checkSegment, type Footage } from "./footage";
import { checkOrder, holesBetween, type Hole } from "./holes";
import { index } from "./movie";
import { LABEL, readRecording, type Recording } from "./recording";
import type { Source } from "./source";
import { fingerprint, keyId, leadsTo, readPem, type Certificate } from "./x509";

export interface Reason {
  readonly code: string;
  readonly title: string;
  readonly offset?: number;
}

export interface Verdict {
  readonly verdict: "authentic" | "changed" | "not_signed" | "unreadable";
  readonly reasons: readonly Reason[];
  /** What the file says about itself; to be believed only where the verdict is `authentic`. */
  readonly recording: Recording | null;
  readonly signer: { readonly name: string; readonly root: string } | null;
  readonly holes: readonly Hole[];
  readonly recovered: readonly { readonly fromUs: number; readonly toUs: number; readonly untilUs: number | null }[];
}

/** Which root certificates are trusted: those that somebody gave (PEM), or one with a fingerprint that somebody compared. */
export type Trust = { readonly pem: string } | { readonly fingerprint: string } | null;

type Known = { -readonly [Name in keyof Verdict]: Verdict[Name] };

/** Read all of `source`, most of it twice, and judge it; `progress` is told the share that is done, 0 to 1. */
export async function verify(source: Source, trust: Trust, progress: (share: number) => void): Promise<Verdict> {
  const known: Known = { verdict: "authentic", reasons: [], recording: null, signer: null, holes: [], recovered: [] };
  const kind = await kindOf(source);
  if (kind === "mp4") return judged(known, "not_signed", FOREIGN);
  if (kind === "other") return judged(known, "unreadable", NO_MP4);
  const flaws: Reason[] = [];
  let reservations: Reason[] = [];
  try {
    reservations = await examine(source, trust, progress, known, flaws);
  } catch (error) {
    if (!(error instanceof Flaw)) throw error;
    const { code, message: title, offset } = error;
    flaws.push(offset === undefined ? { code, title } : { code, title, offset });
  }
  if (flaws.length) return judged(known, flaws[0]?.code === "version" ? "unreadable" : "changed", ...flaws);
  return judged(known, reservations.length ? "not_signed" : "authentic", ...reservations);
}

const FOREIGN = { code: "foreign", title: "This video was not exported by Tawny, or was converted since." };
const NO_MP4 = { code: "unreadable", title: "The file is no MP4." };
const CHANGED = { code: "content", title: "The file’s bytes are not those that were signed." };
const NO_TRUST = { code: "no_trust", title: "You named no recorder to trust." };
const UNTRUSTED = { code: "untrusted", title: "It was signed by somebody whom you do not trust." };
const RECOVERED = {
  code: "recovered",
  title:
    "A crash cut a part off before it was signed; until the recorder signed it at its next start, it could have been changed.",
};

/** Every check in its order; a Flaw at the first that fails. What keeps an unchanged file from being plainly authentic is the answer. */
async function examine(
  source: Source,
  trust: Trust,
  progress: (share: number) => void,
  known: Known,
  flaws: Reason[],
): Promise<Reason[]> {
  let read = 0;
  const advance = (bytes: number) => progress(Math.min(1, (read += bytes) / (2 * source.size)));
  const boxes = await layout(source);
  const claim = await readClaim(source, boxes);
  if (!(await checkBinding(source, boxes, claim, advance))) flaws.push(CHANGED);
  const said = claim.assertions.get(LABEL);
  if (!said) throw new Flaw("manifest", "The signature says nothing about the footage.", boxes.uuid.offset);
  const recording = (known.recording = readRecording(said.payload));
  const brought = await broughtRoot(recording, claim.chain);
  known.signer = { name: claim.chain[0]?.name ?? "", root: brought ? await fingerprint(brought) : "" };
  const roots = await trustedRoots(trust, brought);
  const led = await Promise.all(roots.map((root) => leadsTo(claim.chain, root)));
  const signed = led.includes(true);
  const { heads, trusted } = await checkHeads(recording, roots);
  const gaps = await checkGaps(recording, heads);
  const [first] = boxes.mdats;
  if (!first || recording.segments.length !== boxes.mdats.length) {
    throw new Flaw("footage", "Segments were taken away or added.", first?.offset);
  }
  const footage: Footage[] = [];
  for (const [at, segment] of recording.segments.entries()) {
    const mdat = boxes.mdats[at] ?? first;
    footage.push(await checkSegment(source, mdat, first.offset, segment, recording, heads));
    advance(mdat.size);
  }
  await checkIndex(source, boxes, footage, recording);
  checkOrder(footage, gaps, recording);
  known.holes = holesBetween(footage, gaps, recording.stream);
  known.recovered = footage
    .filter(({ entry }) => entry.recovered)
    .map(({ entry }) => ({ fromUs: entry.fromUs, toUs: entry.toUs, untilUs: entry.unsignedUntilUs }));
  const doubt = signed && trusted ? [] : [trust === null ? NO_TRUST : UNTRUSTED];
  return known.recovered.length ? [...doubt, RECOVERED] : doubt;
}

/** Make `moov` and `meta` again from what is proven. */
async function checkIndex(source: Source, boxes: Layout, footage: readonly Footage[], recording: Recording) {
  const parts = footage.map((one) => one.part);
  const made = index(parts, recording, boxes.moov.offset);
  for (const [code, box] of [["moov", boxes.moov] as const, ["meta", boxes.meta] as const]) {
    if (!equal(await source.read(box.offset, box.size), made[code])) {
      throw new Flaw(code, "The index of the file is not what the footage and its signature give.", box.offset);
    }
  }
}

function judged(known: Known, verdict: Verdict["verdict"], ...reasons: readonly Reason[]): Verdict {
  return { ...known, verdict, reasons };
}

/** The root that the file brings along for its signer. */
async function broughtRoot(recording: Recording, chain: readonly Certificate[]): Promise<Certificate | null> {
  const pem = chain[0] && recording.certificates.get(await keyId(chain[0]));
  return pem ? (readPem(pem).at(-1) ?? null) : null;
}

async function trustedRoots(trust: Trust, brought: Certificate | null): Promise<Certificate[]> {
  if (trust === null) return [];
  if ("pem" in trust) return readPem(trust.pem);
  const wanted = trust.fingerprint.replace(/[^0-9a-f]/gi, "").toUpperCase();
  const found = brought && (await fingerprint(brought)).replaceAll(":", "");
  return brought && found === wanted ? [brought] : [];
}
