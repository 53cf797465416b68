/** Offsets from UTC of a time zone, as the browser's own data knows them. */

const SAMPLE_S = 12 * 3600;
const DAY_S = 86_400;

/** A stretch of time with one offset from UTC, in seconds; local time = UTC + offset. */
export interface Stretch {
  fromS: number;
  toS: number;
  offsetS: number;
}

export interface Zone {
  offsetS(utcS: number): number;
  /** The stretches that make up the range, in order. */
  stretches(fromS: number, toS: number): Stretch[];
  /** The number of the local day, counted from 1 January 1970. */
  day(utcS: number): number;
}

/** The zone of an IANA name; UTC for a name that the browser does not know. */
export function zoneOf(iana: string): Zone {
  return new SampledZone(formatter(iana));
}

function formatter(iana: string): Intl.DateTimeFormat {
  const options = { hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric" } as const;
  const clock = { hour: "numeric", minute: "numeric", second: "numeric" } as const;
  try {
    return new Intl.DateTimeFormat("en-US", { ...options, ...clock, timeZone: iana });
  } catch {
    return new Intl.DateTimeFormat("en-US", { ...options, ...clock, timeZone: "UTC" });
  }
}

/** Invariant: two changes of the offset are never nearer than 12 hours, which holds for all zones since 2000. */
class SampledZone implements Zone {
  private readonly samples = new Map<number, number>();
  private readonly changes = new Map<number, number>();

  constructor(private readonly format: Intl.DateTimeFormat) {}

  offsetS(utcS: number): number {
    const parts: Record<string, number> = {};
    for (const { type, value } of this.format.formatToParts(utcS * 1000)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) / 1000 - Math.floor(utcS);
  }

  stretches(fromS: number, toS: number): Stretch[] {
    const found: Stretch[] = [];
    let [startS, offsetS] = [fromS, this.offsetS(fromS)];
    for (let sample = Math.floor(fromS / SAMPLE_S); sample * SAMPLE_S < toS; sample++) {
      const changeS = this.changeAfter(sample);
      if (changeS === null || changeS <= startS || changeS >= toS) continue;
      found.push({ fromS: startS, toS: changeS, offsetS });
      [startS, offsetS] = [changeS, this.sample(sample + 1)];
    }
    return [...found, { fromS: startS, toS, offsetS }];
  }

  day(utcS: number): number {
    return Math.floor((utcS + this.offsetS(utcS)) / DAY_S);
  }

  private sample(index: number): number {
    const known = this.samples.get(index);
    if (known !== undefined) return known;
    const offsetS = this.offsetS(index * SAMPLE_S);
    this.samples.set(index, offsetS);
    return offsetS;
  }

  /** When the offset changes between a sample and the next one, null where it does not. */
  private changeAfter(index: number): number | null {
    const before = this.sample(index);
    if (before === this.sample(index + 1)) return null;
    let changeS = this.changes.get(index);
    if (changeS === undefined) {
      let [low, high] = [index * SAMPLE_S, (index + 1) * SAMPLE_S];
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2);
        if (this.offsetS(middle) === before) low = middle;
        else high = middle;
      }
      this.changes.set(index, (changeS = high));
    }
    return changeS;
  }
}
