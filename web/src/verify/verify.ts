import { nth } from "./bytes";
/** The verdict on one export (`docs/reference/evidence.md`), reached from the file and a trusted root alone. */

import { Flaw } from "./bytes";
import { layout } from "./boxes";
import { checkBinding, readClaim } from "./c2pa";
import { checkGaps, checkHeads, checkSegment } from "./footage";
import { checkOrder, type Hole } from "./holes";
import { LABEL, readRecording, type Recording, type SegmentEntry } from "./recording";
import type { Source } from "./source";
import { fingerprint, leadsTo, readPem, type Certificate } from "./x509";

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

/** Which root certificates are trusted: one that somebody gave, or any with a fingerprint that somebody compared. */
export type Trust = { readonly pem: string } | { readonly fingerprint: string } | null;

const NOTHING = { recording: null, signer: null, holes: [], recovered: [] };
const UNREADABLE = new Set(["layout", "truncated", "manifest", "jumbf", "cbor", "version"]);

/** Read all of `source` and judge it; `progress` is told the share that is done, 0 to 1. */
export async function verify(source: Source, trust: Trust, progress: (share: number) => void): Promise<Verdict> {
  let read = 0;
  let known: Partial<Verdict> = {};
  const advance = (bytes: number) => {
    read += bytes;
    progress(Math.min(1, read / (2 * source.size)));
  };
  try {
    const boxes = await layout(source);
    const claim = await readClaim(source, boxes);
    await checkBinding(source, boxes, claim, advance);
    const said = claim.assertions.get(LABEL);
    if (!said) return verdict("not_signed", { code: "foreign", title: "The file was not exported by Tawny." });
    const recording = readRecording(said.payload);
    const root = rootOf(recording);
    known = { recording, signer: { name: nth(claim.chain, 0).name, root: root ? await fingerprint(root) : "" } };
    const trusted = await trustedRoot(trust, root);
    if (!trusted || !(await leadsTo(claim.chain, trusted))) {
      return verdict(
        "not_signed",
        { code: "untrusted", title: "The signature is not of a recorder that you trust." },
        known,
      );
    }
    const heads = await checkHeads(recording, trusted);
    if (recording.segments.length !== boxes.mdats.length) {
      throw new Flaw("footage", "Pieces of footage were taken away or added.", boxes.mdats[0]?.offset);
    }
    const entries: SegmentEntry[] = [];
    for (const [at, segment] of recording.segments.entries()) {
      entries.push(await checkSegment(source, nth(boxes.mdats, at), segment, recording, heads, advance));
    }
    const holes = checkOrder(entries, await checkGaps(recording, heads));
    const recovered = entries
      .filter((entry) => entry.recovered)
      .map((entry) => ({ fromUs: entry.fromUs, toUs: entry.toUs, untilUs: entry.unsignedUntilUs }));
    known = { ...known, holes, recovered };
    if (recovered.length) {
      const title =
        "A part was not signed while it was recorded: the recorder was cut off and signed it at its next start.";
      return verdict("not_signed", { code: "recovered", title }, known);
    }
    return { ...NOTHING, ...known, verdict: "authentic", reasons: [] };
  } catch (error) {
    if (!(error instanceof Flaw)) throw error;
    const reason = {
      code: error.code,
      title: error.message,
      ...(error.offset === undefined ? {} : { offset: error.offset }),
    };
    return verdict(UNREADABLE.has(error.code) ? "unreadable" : "changed", reason, known);
  }
}

function verdict(word: Verdict["verdict"], reason: Reason, known: Partial<Verdict> = {}): Verdict {
  return { ...NOTHING, ...known, verdict: word, reasons: [reason] };
}

/** The root that the file brings along: the last certificate of its chains. */
function rootOf(recording: Recording): Certificate | null {
  const chains = Array.from(recording.certificates.values(), readPem);
  return chains[0]?.at(-1) ?? null;
}

async function trustedRoot(trust: Trust, brought: Certificate | null): Promise<Certificate | null> {
  if (trust === null) return null;
  if ("pem" in trust) return readPem(trust.pem).at(-1) ?? null;
  const wanted = trust.fingerprint.replace(/[^0-9a-f]/gi, "").toUpperCase();
  const found = brought && (await fingerprint(brought)).replaceAll(":", "");
  return found !== null && found === wanted ? brought : null;
}
