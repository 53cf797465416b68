/** How a recording is played just now: at what speed, in what manner, with sound or not, and how far media may come. */

import { audible, mannerOf, sameManner, type Manner } from "./manner";
import type { StreamName } from "./media_socket";
import { aheadUs, raisedUntil } from "./until";

export interface PaceOptions {
  stream: StreamName;
  sound: boolean;
  rate: number;
  /** The camera has a second stream to fall back on at high speed. */
  hasSub: boolean;
}

/** Invariant: `manner` is that of the subscription that was begun last, and `untilUs` what it was told last. */
export class Pace {
  manner: Manner;
  untilUs = 0;
  /** Stopped to look at single pictures: every one of them is needed. */
  stepping = false;
  soundless = false;
  /** The main stream is not playable here. */
  substitute = false;
  private groupUs: number | null = null;

  constructor(private readonly options: PaceOptions) {
    this.manner = this.wanted();
  }

  get speed(): number {
    return this.stepping ? 1 : this.options.rate;
  }

  get heard(): boolean {
    return this.options.sound && !this.soundless && audible(this.speed);
  }

  /** Key frames were seen so far apart. */
  learn(groupUs: number | null | undefined): void {
    this.groupUs = groupUs ?? this.groupUs;
  }

  /** What is played now will not do any more. */
  outdated(): boolean {
    return !sameManner(this.manner, this.wanted());
  }

  begin(fromUs: number): void {
    this.manner = this.wanted();
    this.untilUs = this.beyond(fromUs);
  }

  /** As far behind a moment, in the way of playing, as media are asked for. */
  beyond(utcUs: number): number {
    return utcUs + aheadUs(this.speed, this.manner.frames) * Math.sign(this.speed);
  }

  /** Media may come up to `untilUs`; false where that was said before. */
  raise(untilUs: number): boolean {
    if (this.manner.backwards ? untilUs >= this.untilUs : untilUs <= this.untilUs) return false;
    this.untilUs = untilUs;
    return true;
  }

  /** How far media should come by now, for a play head at `positionUs`. */
  due(positionUs: number): number {
    return raisedUntil(positionUs, this.untilUs, this.speed, this.manner.frames) ?? this.untilUs;
  }

  private wanted(): Manner {
    const { stream, hasSub } = this.options;
    return mannerOf(this.speed, this.substitute ? "sub" : stream, { groupUs: this.groupUs, hasSub });
  }
}
