/** The coded pictures of a playback, by group of pictures, in the order of time. */

import type { VideoDescription } from "./mp4";
import type { Picture } from "./picture_decoder";

/** One key frame and what hangs on it; `times` are the pictures' times in the order of display. */
export interface Group {
  track: VideoDescription;
  pictures: Picture[];
  times: number[];
  startUs: number;
  endUs: number;
}

/** The last index whose value is at most `wanted`, -1 where there is none. */
export function lastAtMost<T>(items: readonly T[], wanted: number, value: (item: T) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && value(item) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const same = (time: number): number => time;

/** Invariant: groups are in the order of time; each begins with a key frame. */
export class GroupStore {
  readonly groups: Group[] = [];
  bytes = 0;
  /** How many groups were pruned: a group's number is its index plus this. */
  pruned = 0;

  get endUs(): number | null {
    return this.groups.at(-1)?.endUs ?? null;
  }

  push(track: VideoDescription, picture: Picture): void {
    const { utcUs, durationUs } = picture;
    if (picture.key) {
      this.groups.push({ track, pictures: [], times: [], startUs: utcUs, endUs: utcUs });
    }
    const group = this.groups.at(-1);
    if (!group) return; // nothing can be decoded before the first key frame
    group.pictures.push(picture);
    group.times.splice(lastAtMost(group.times, utcUs, same) + 1, 0, utcUs);
    group.endUs = Math.max(group.endUs, utcUs + durationUs);
    this.bytes += picture.data.length;
  }

  /** From one key frame to the next, as a rule; null before there are two. */
  groupUs(): number | null {
    const lengths = this.groups.slice(1).map((group, index) => group.startUs - (this.groups[index]?.startUs ?? 0));
    return lengths.sort((a, b) => a - b)[lengths.length >> 1] ?? null;
  }

  group(number: number): Group | undefined {
    return this.groups[number - this.pruned];
  }

  /** The number of the group that shows `utcUs`, or of the last one that begins before it; null where it is none. */
  numberAt(utcUs: number): number | null {
    const index = lastAtMost(this.groups, utcUs, (group) => group.startUs);
    return index < 0 ? null : index + this.pruned;
  }

  /** `utcUs` lies in footage, up to `slackUs` behind its end. */
  covers(utcUs: number, slackUs = 0): boolean {
    const number = this.numberAt(utcUs);
    return number !== null && utcUs < (this.group(number)?.endUs ?? 0) + slackUs;
  }

  /** The time of the picture shown at `utcUs`, else of the first one after it. */
  pictureAt(utcUs: number): number | null {
    const number = this.numberAt(utcUs);
    if (number === null) return this.groups[0]?.times[0] ?? null;
    const times = this.group(number)?.times ?? [];
    return times[lastAtMost(times, utcUs, same)] ?? null;
  }

  /** The time of the picture `count` after (before) that at `utcUs`, null beyond the buffer. */
  neighbour(utcUs: number, count: number): number | null {
    const number = this.numberAt(utcUs);
    if (number === null) return null;
    let at = number - this.pruned;
    let index = lastAtMost(this.groups[at]?.times ?? [], utcUs, same) + count;
    for (;;) {
      const times = this.groups[at]?.times;
      if (!times) return null;
      if (index < 0) index += this.groups[--at]?.times.length ?? 0;
      else if (index >= times.length) [at, index] = [at + 1, index - times.length];
      else return times[index] ?? null;
      if (at < 0) return null;
    }
  }

  /** Drop whole groups that ended before `beforeUs`. */
  prune(beforeUs: number): void {
    while (this.groups.length > 1 && (this.groups[0]?.endUs ?? Infinity) < beforeUs) {
      const group = this.groups.shift();
      for (const picture of group?.pictures ?? []) this.bytes -= picture.data.length;
      this.pruned++;
    }
  }
}
