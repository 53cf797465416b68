/** Several cameras on one clock: what is seen in all tiles happened at the same moment. */

import type { StreamName } from "./media_socket";
import { playableRate } from "./manner";
import { LedHead, PlaybackClock } from "./playback_clock";
import type { Player } from "./player";
import type { PlayerState } from "./state";

/** The others wait so long for one that is loading, then go on without it. */
const PATIENCE_MS = 1_500;
/** What is missing everywhere is told for so long, then left out. */
const GAP_SHOWN_MS = 1_200;
const PICTURE_US = 40_000;

export interface Tile {
  camera: string;
  stream: StreamName;
  hasSub: boolean;
}

export interface InStepEvents {
  /** Where the clock stands; at most once a frame, while it moves or was moved. */
  time(utcUs: number): void;
  state(state: InStepState): void;
}

export type InStepState = "playing" | "paused" | "loading" | "ended";

/**
 * Invariants: the clock runs only while it is `wanted`, no member is waited for, and some member has footage before it;
 * members never move the clock.
 */
export class InStep {
  private readonly clock: PlaybackClock;
  private readonly head: LedHead;
  private readonly members = new Map<Player, { tile: Tile; state: PlayerState }>();
  private wanted = true;
  private told: InStepState | null = null;
  private toldUs = NaN;
  private loadingMs: number | null = null;
  private gapMs: number | null = null;
  private request = 0;

  constructor(
    fromUs: number,
    private readonly events: InStepEvents,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.clock = new PlaybackClock(nowMs);
    this.head = new LedHead(this.clock);
    this.clock.set(fromUs);
    document.addEventListener("visibilitychange", this.rest);
    this.tick();
  }

  get positionUs(): number {
    return this.clock.positionUs();
  }

  join(player: Player, tile: Tile): void {
    const known = this.members.get(player);
    this.members.set(player, { tile, state: known?.state ?? { kind: "loading" } });
    player.setRate(this.clock.rate);
    this.ask(player, tile);
    if (!this.wanted) player.pause();
  }

  leave(player: Player): void {
    this.members.delete(player);
  }

  /** How it goes with a member's picture. */
  hear(player: Player, state: PlayerState): void {
    const member = this.members.get(player);
    if (member) member.state = state;
  }

  seek(utcUs: number): void {
    this.clock.set(utcUs);
    this.loadingMs = this.gapMs = null;
    for (const [player, { tile }] of this.members) this.ask(player, tile);
  }

  play(): void {
    this.wanted = true;
    for (const player of this.members.keys()) player.resume();
  }

  pause(): void {
    this.wanted = false;
    this.clock.run(false);
    for (const player of this.members.keys()) player.pause();
  }

  setRate(rate: number): void {
    this.clock.setRate(playableRate(rate));
    for (const player of this.members.keys()) player.setRate(rate);
  }

  /** All go to the nearest next (previous) picture that any of them has. */
  step(count: number): void {
    this.pause();
    const way = Math.sign(count);
    const found: number[] = [];
    for (const player of this.members.keys()) {
      const next = player.look(count);
      if (next !== null) found.push(next * way);
    }
    this.seek(found.length > 0 ? Math.min(...found) * way : this.positionUs + count * PICTURE_US);
  }

  close(): void {
    cancelAnimationFrame(this.request);
    document.removeEventListener("visibilitychange", this.rest);
    this.members.clear();
  }

  /** What nobody sees stands still; it goes on with the next frame that is drawn. */
  private readonly rest = (): void => {
    if (document.visibilityState === "hidden") this.clock.run(false);
  };

  private ask(player: Player, { camera, stream, hasSub }: Tile): void {
    player.playback(camera, this.positionUs, { stream, sound: false, hasSub, head: this.head });
  }

  private readonly tick = (): void => {
    this.request = requestAnimationFrame(this.tick);
    this.look();
  };

  /** What the members' pictures mean for the clock. */
  look(): void {
    const states = [...this.members.values()].map(({ state }) => state);
    const kinds = new Set(states.map(({ kind }) => kind));
    const waits = this.patient(kinds.has("loading") || kinds.has("idle"));
    const moving = kinds.has("playing") || kinds.has("loading") || kinds.has("paused") || kinds.has("gap");
    this.clock.run(this.wanted && !waits && moving);
    this.crossGap(states);
    this.tell(this.wanted ? (waits ? "loading" : moving || states.length === 0 ? "playing" : "ended") : "paused");
  }

  private patient(loading: boolean): boolean {
    if (!loading) this.loadingMs = null;
    else this.loadingMs ??= this.nowMs();
    return this.loadingMs !== null && this.nowMs() - this.loadingMs < PATIENCE_MS;
  }

  /** Where none of them has footage there is nothing to see until the first one has. */
  private crossGap(states: readonly PlayerState[]): void {
    const gaps = states.filter((state) => state.kind === "gap");
    const others = states.some(({ kind }) => kind !== "gap" && kind !== "ended" && kind !== "failed");
    if (gaps.length === 0 || others || !this.wanted) {
      this.gapMs = null;
      return;
    }
    this.gapMs ??= this.nowMs();
    if (this.nowMs() - this.gapMs < GAP_SHOWN_MS) return;
    const back = this.clock.rate < 0;
    const edges = gaps.map((gap) => Date.parse(back ? gap.from : gap.to) * 1000);
    this.seek(back ? Math.max(...edges) - PICTURE_US : Math.min(...edges));
  }

  private tell(state: InStepState): void {
    const utcUs = Math.round(this.positionUs);
    if (utcUs !== this.toldUs) this.events.time((this.toldUs = utcUs));
    if (state !== this.told) this.events.state((this.told = state));
  }
}
