/**
 * What this browser can decode, asked for each exact codec string, never read from the user agent.
 *
 * Trust but verify: a string that the browser promised and then failed at is remembered for a day, per engine.
 */

import type { VideoDescription } from "./mp4";

export type EngineKind = "webcodecs" | "mse";
export type Support = Record<EngineKind, boolean>;

const STORED_AS = "tawny.unplayable";
const REMEMBERED_MS = 24 * 3600 * 1000;

type MediaSourceType = typeof MediaSource;

/** The browser's Media Source: iPhones have the managed one only. */
export function mediaSourceType(): MediaSourceType | null {
  const scope = globalThis as { ManagedMediaSource?: MediaSourceType; MediaSource?: MediaSourceType };
  return scope.MediaSource ?? scope.ManagedMediaSource ?? null;
}

export function mseType(media: "video" | "audio", codecString: string): string {
  return `${media}/mp4; codecs="${codecString}"`;
}

export function msePlays(media: "video" | "audio", codecString: string): boolean {
  return mediaSourceType()?.isTypeSupported(mseType(media, codecString)) ?? false;
}

/** The name under which this browser takes FLAC in MP4: Safari asks for the sample entry's spelling. */
export function flacType(): string | null {
  const name = ["flac", "fLaC"].find((candidate) => msePlays("audio", candidate));
  return name === undefined ? null : mseType("audio", name);
}

export function decoderConfig(track: VideoDescription): VideoDecoderConfig {
  return {
    codec: track.codecString,
    codedWidth: track.width,
    codedHeight: track.height,
    description: track.configuration,
    optimizeForLatency: true,
  };
}

async function canvasPlays(track: VideoDescription): Promise<boolean> {
  if (track.codec === "mjpeg") return true; // still images, which every browser decodes
  // Missing in insecure contexts (plain HTTP on another host) and in older browsers.
  if (!("VideoDecoder" in globalThis)) return false;
  try {
    return (await VideoDecoder.isConfigSupported(decoderConfig(track))).supported === true;
  } catch {
    return false; // a configuration that the browser calls invalid is one that it can't play
  }
}

/** The engine for a use, best first; null where none plays the stream. */
export function chosenEngine(support: Support, prefer: EngineKind): EngineKind | null {
  const other = prefer === "mse" ? "webcodecs" : "mse";
  return support[prefer] ? prefer : support[other] ? other : null;
}

/** Pictures can be decoded one by one: browsers allow it to pages over HTTPS, and on the machine itself. */
export function hasDecoder(): boolean {
  return typeof VideoDecoder !== "undefined";
}

/** Answers what plays, and keeps both the answers and the disappointments. */
export class Capability {
  private readonly asked = new Map<string, Support>();

  constructor(
    private readonly storage: Pick<Storage, "getItem" | "setItem"> | null,
    private readonly nowMs: () => number,
  ) {}

  /** The support already known, so that the second tile of a kind starts without waiting. */
  known(track: VideoDescription): Support | null {
    const support = this.asked.get(this.key(track));
    return support ? this.lessFailures(track.codecString, support) : null;
  }

  async ask(track: VideoDescription): Promise<Support> {
    const support = { webcodecs: await canvasPlays(track), mse: msePlays("video", track.codecString) };
    this.asked.set(this.key(track), support);
    return this.lessFailures(track.codecString, support);
  }

  /** The engine failed at once on a stream that the browser said it plays. */
  markUnplayable(engine: EngineKind, codecString: string): void {
    const failures = { ...this.failures(), [`${engine} ${codecString}`]: this.nowMs() };
    try {
      this.storage?.setItem(STORED_AS, JSON.stringify(failures));
    } catch {
      // Storage is full or forbidden: the failure is then found again at the next start.
    }
    this.failedHere = failures;
  }

  private failedHere: Record<string, number> = {};

  private key(track: VideoDescription): string {
    return `${track.codecString} ${track.width}x${track.height}`;
  }

  private lessFailures(codecString: string, support: Support): Support {
    const failures = this.failures();
    const good = (engine: EngineKind): boolean =>
      support[engine] && this.nowMs() - (failures[`${engine} ${codecString}`] ?? -Infinity) > REMEMBERED_MS;
    return { webcodecs: good("webcodecs"), mse: good("mse") };
  }

  private failures(): Record<string, number> {
    try {
      const stored: unknown = JSON.parse(this.storage?.getItem(STORED_AS) ?? "{}");
      const entries = Object.entries(stored ?? {}).filter((entry) => typeof entry[1] === "number");
      return { ...(Object.fromEntries(entries) as Record<string, number>), ...this.failedHere };
    } catch {
      return { ...this.failedHere };
    }
  }
}
