/** Times as words, in the zone and language of the reader. */

const MAX_KEPT = 4_000;

type Style = "second" | "minute" | "day";

const STYLES: Record<Style, Intl.DateTimeFormatOptions> = {
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  minute: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  day: { weekday: "short", day: "numeric", month: "short" },
};

/** Invariant: keeps at most `MAX_KEPT` words, for a frame is painted in less time than they take to make. */
export class Labels {
  private readonly formats = new Map<Style, Intl.DateTimeFormat>();
  private readonly kept = new Map<string, string>();

  constructor(
    private readonly iana: string,
    private readonly language?: string,
  ) {}

  text(us: number, style: Style): string {
    const key = `${style} ${us}`;
    const known = this.kept.get(key);
    if (known !== undefined) return known;
    if (this.kept.size >= MAX_KEPT) this.kept.clear();
    const text = this.format(style).format(us / 1000);
    this.kept.set(key, text);
    return text;
  }

  private format(style: Style): Intl.DateTimeFormat {
    const known = this.formats.get(style);
    if (known) return known;
    const made = this.make(style);
    this.formats.set(style, made);
    return made;
  }

  private make(style: Style): Intl.DateTimeFormat {
    try {
      return new Intl.DateTimeFormat(this.language, { ...STYLES[style], timeZone: this.iana });
    } catch {
      return new Intl.DateTimeFormat(this.language, { ...STYLES[style], timeZone: "UTC" });
    }
  }
}
