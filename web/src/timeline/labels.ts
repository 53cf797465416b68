/** Times as words, in the zone of the recorder, written as everywhere in the app. */

import { formatter, isZone } from "../text/time";

const MAX_KEPT = 4_000;

type Style = "second" | "minute" | "day";

const STYLES: Record<Style, Intl.DateTimeFormatOptions> = {
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  minute: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { day: "numeric", month: "short" },
};

/** Invariant: keeps at most `MAX_KEPT` words, for a frame is painted in less time than they take to make. */
export class Labels {
  private readonly zone: string;
  private readonly kept = new Map<string, string>();

  constructor(iana: string) {
    this.zone = isZone(iana) ? iana : "UTC";
  }

  text(us: number, style: Style): string {
    const key = `${style} ${us}`;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    const text = this.make(us, style);
    this.kept.set(key, text);
    return text;
  }

  private make(us: number, style: Style): string {
    const text = formatter(this.zone, STYLES[style]).format(us / 1000);
    if (style !== "day") return text;
    return `${formatter(this.zone, { weekday: "short" }).format(us / 1000)}, ${text}`;
  }
}
