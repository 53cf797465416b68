/** Lists as spreadsheets read and write them (RFC 4180). */

/** A spreadsheet would run what begins so; an apostrophe keeps it a text. */
const FORMULA = /^'*[=+\-@\t\r]/;
const GUARDED = /^'(?='*[=+\-@\t\r])/;
const SEPARATORS = [",", ";", "\t"] as const;

/** The lines of *text* as cells; empty lines are left out. Semicolons and tabs separate where the first line has them. */
export function parseCsv(text: string): string[][] {
  const body = text.replace(/^\uFEFF/, "");
  const first = /^[^\r\n]*/.exec(body)?.[0] ?? "";
  const separator = SEPARATORS.reduce((best, each) => (count(first, each) > count(first, best) ? each : best));
  const reader = new CellReader(separator);
  for (const character of body) reader.take(character);
  return reader.end().filter((line) => line.some((cell) => cell.trim() !== ""));
}

export function writeCsv(lines: readonly (readonly string[])[]): string {
  return lines.map((line) => line.map(written).join(",") + "\r\n").join("");
}

function written(cell: string): string {
  const safe = FORMULA.test(cell) ? `'${cell}` : cell;
  return /[",;\t\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const count = (line: string, separator: string) => line.split(separator).length;

/** Takes a list character by character. Invariant: `quoted` only between the two quotation marks of a cell. */
class CellReader {
  private readonly lines: string[][] = [];
  private cells: string[] = [];
  private cell = "";
  private quoted = false;
  private leftQuotes = false;

  constructor(private readonly separator: string) {}

  take(character: string): void {
    if (this.quoted) {
      if (character === '"') {
        this.quoted = false;
        this.leftQuotes = true;
      } else this.cell += character;
    } else if (character === '"' && (this.cell === "" || this.leftQuotes)) {
      if (this.leftQuotes) this.cell += '"';
      this.quoted = true;
    } else if (character === this.separator) this.endCell();
    else if (character === "\n") this.endLine();
    else if (character !== "\r") this.cell += character;
    if (character !== '"') this.leftQuotes = false;
  }

  end(): string[][] {
    this.endLine();
    return this.lines;
  }

  private endLine(): void {
    this.endCell();
    this.lines.push(this.cells);
    this.cells = [];
  }

  private endCell(): void {
    this.cells.push(this.cell.replace(GUARDED, ""));
    this.cell = "";
  }
}
