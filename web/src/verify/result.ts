/** One file's verdict as a person reads it. */

import { verifyText as words } from "../text/verify";
import { hex } from "./bytes";
import { card, element, list, sheet } from "./dom";
import { Sha256 } from "./sha256";
import type { Recording } from "./recording";
import type { Verdict } from "./verify";

const SIGNS = { authentic: "✓", changed: "✕", not_signed: "?", unreadable: "!" } as const;
const PIECE = 4 << 20;

/** The verdict, a player, and what the file says about itself. `url` is where the player finds the file. */
export function result(name: string, blob: Blob, url: string, verdict: Verdict): HTMLElement {
  return element(
    "article",
    { class: "result", "aria-label": name },
    banner(name, verdict),
    verdict.verdict === "unreadable" ? null : player(url),
    verdict.recording && facts(verdict.recording, verdict, blob),
    verdict.recording && verdict.verdict !== "unreadable" ? holes(verdict, verdict.recording.recorder.timeZone) : null,
  );
}

function banner(name: string, verdict: Verdict): HTMLElement {
  const { title, text } = words.verdicts[verdict.verdict];
  const reasons = verdict.reasons.map((reason) =>
    reason.offset === undefined ? reason.title : `${reason.title} (${words.at(reason.offset.toLocaleString("en"))})`,
  );
  return element(
    "section",
    { class: `card verdict ${verdict.verdict}`, role: "status", "data-verdict": verdict.verdict },
    element("span", { class: "sign", "aria-hidden": "true" }, SIGNS[verdict.verdict]),
    element("strong", {}, title),
    element(
      "div",
      {},
      element("p", {}, text),
      reasons.length ? list(reasons) : null,
      element("p", { class: "muted" }, name),
    ),
  );
}

function player(url: string): HTMLElement {
  return card(
    words.player,
    element("video", { controls: "", playsinline: "", preload: "metadata", src: url, muted: "" }),
  );
}

function facts(recording: Recording, verdict: Verdict, blob: Blob): HTMLElement {
  const when = clock(recording.recorder.timeZone);
  const of = words.sheet;
  const inCase = recording.case;
  const rows: [string, Node | string | null][] = [
    [of.camera, `${recording.camera.name} (${recording.camera.id})`],
    [of.recorder, `${recording.recorder.name} (${recording.recorder.id}), ${recording.recorder.software}`],
    [of.from, when(recording.fromUs)],
    [of.to, when(recording.toUs)],
    [of.stream, recording.stream],
    [of.sound, recording.audio ? of.with : of.without],
    [of.part, of.partOf(recording.part.number, recording.part.of)],
    [of.exported, of.by(when(recording.exportedUs), recording.exportedBy)],
    [of.case, inCase && [inCase.number, inCase.reason, inCase.officer].filter(Boolean).join(" · ")],
    [of.signer, verdict.signer?.name ?? null],
    [of.root, verdict.signer?.root ?? null],
    [of.segments, String(recording.segments.length)],
    [of.witnesses, recording.witnesses ? String(recording.witnesses) : of.none],
    [of.hash, hashButton(blob)],
  ];
  const zone = element("p", { class: "muted" }, of.zone(recording.recorder.timeZone));
  const confirmed = verdict.verdict === "authentic";
  return element(
    "section",
    { class: "card" },
    confirmed ? null : element("p", { class: "muted" }, words.claims),
    sheet(rows),
    zone,
  );
}

function holes(verdict: Verdict, zone: string): HTMLElement {
  const when = clock(zone);
  const missing = verdict.holes.map((hole) => `${when(hole.fromUs)} – ${when(hole.toUs)}: ${hole.title}`);
  const late = verdict.recovered.map((one) => {
    const until = one.untilUs === null ? "" : `, ${words.recoveredUntil(when(one.untilUs))}`;
    return `${when(one.fromUs)} – ${when(one.toUs)}${until}`;
  });
  const shown = missing.length ? list(missing) : element("p", {}, words.noHoles);
  return element(
    "div",
    { class: "result" },
    card(words.holes, shown),
    late.length ? card(words.recovered, list(late)) : null,
  );
}

/** Calculated when asked for: a large file takes minutes. */
function hashButton(blob: Blob): HTMLElement {
  const button = element("button", { class: "quiet", type: "button" }, words.sheet.compute);
  button.addEventListener("click", () => {
    button.disabled = true;
    void hashOf(blob, (share) => (button.textContent = `${String(Math.round(share * 100))} %`)).then((hash) => {
      button.replaceWith(element("code", {}, hash));
    });
  });
  return button;
}

async function hashOf(blob: Blob, progress: (share: number) => void): Promise<string> {
  const hash = new Sha256();
  for (let at = 0; at < blob.size; at += PIECE) {
    hash.update(new Uint8Array(await blob.slice(at, at + PIECE).arrayBuffer()));
    progress(Math.min(1, (at + PIECE) / blob.size));
  }
  return hex(hash.digest());
}

/** Microseconds as a moment in `zone`, with its offset; UTC where this browser does not know the zone. */
function clock(zone: string): (us: number) => string {
  const options = { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" } as const;
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat(undefined, { ...options, timeZone: zone });
  } catch {
    format = new Intl.DateTimeFormat(undefined, { ...options, timeZone: "UTC" });
  }
  return (us) => format.format(us / 1000);
}
