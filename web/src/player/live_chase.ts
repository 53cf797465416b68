/** How live through Media Source stays near the newest picture, by a little more or less speed. */

export type ChaseStep = { do: "seek"; toS: number } | { do: "rate"; rate: number } | null;

const FIRST_TARGET_S = 0.15;
const LONGEST_TARGET_S = 1.2;
const FIRST_PICTURE_S = 0.05;
const TOO_FAR_S = 2;
const SETTLE_MS = 1_000;

/** `target`: seconds of media ahead of the play head; 0.15 was measured to be enough, each stall doubles it. */
export class LiveChase {
  private target = FIRST_TARGET_S;
  private started = false;
  private settledMs = 0;

  get targetS(): number {
    return this.target;
  }

  /** What to do, given the buffered ranges and the play head, in seconds. */
  step(ranges: readonly [number, number][], currentS: number): ChaseStep {
    const last = ranges.at(-1);
    if (!last) return null;
    const [start, end] = last;
    const ahead = end - currentS;
    if (!this.started || currentS < start || ahead > TOO_FAR_S) {
      const margin = this.started ? this.target : FIRST_PICTURE_S;
      this.started = true;
      return { do: "seek", toS: Math.max(start, end - margin) };
    }
    if (ahead > this.target + 0.1) return { do: "rate", rate: 1.05 };
    if (ahead < this.target - 0.07) return { do: "rate", rate: 0.97 };
    return { do: "rate", rate: 1 };
  }

  /** The play head ran out of media. */
  stalled(nowMs: number): void {
    if (!this.started) return;
    if (this.settledMs === 0) this.settledMs = nowMs + SETTLE_MS;
    if (nowMs < this.settledMs) return; // the first pictures arrive in a burst: a stall there says nothing
    this.target = Math.min(LONGEST_TARGET_S, this.target * 2);
    this.settledMs = nowMs + SETTLE_MS;
  }
}
