/** The timeline's colours, from the page's custom properties, and a hatch made of one of them. */

export interface Theme {
  recorded: string;
  gap: string;
  motion: string;
  object: string;
  alarm: string;
  other: string;
  ink: string;
  playhead: string;
  now: string;
  selection: string;
  surface: string;
  font: string;
}

const FALLBACK = {
  recorded: "#3b82c4",
  gap: "#b45309",
  motion: "#2563a8",
  object: "#0f6b62",
  alarm: "#a3231a",
  other: "#6b7280",
  ink: "#6b7280",
  playhead: "#dc2626",
  now: "#16a34a",
  selection: "#7c3aed",
  surface: "transparent",
};

export function readTheme(element: HTMLElement): Theme {
  const style = getComputedStyle(element);
  const colour = (name: keyof typeof FALLBACK): string =>
    style.getPropertyValue(`--timeline-${name}`).trim() || FALLBACK[name];
  return {
    recorded: colour("recorded"),
    gap: colour("gap"),
    motion: colour("motion"),
    object: colour("object"),
    alarm: colour("alarm"),
    other: colour("other"),
    ink: colour("ink"),
    playhead: colour("playhead"),
    now: colour("now"),
    selection: colour("selection"),
    surface: colour("surface"),
    font: style.fontFamily || "sans-serif",
  };
}

/** Calls `changed` when the page's theme may have changed; returns what ends that. */
export function watchTheme(changed: () => void): () => void {
  const observer = new MutationObserver(changed);
  const options = { attributes: true, attributeFilter: ["class", "style", "data-theme"] };
  observer.observe(document.documentElement, options);
  observer.observe(document.body, options);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  dark.addEventListener("change", changed);
  return () => {
    observer.disconnect();
    dark.removeEventListener("change", changed);
  };
}

/** Diagonal lines, seamless, in device pixels. */
export function hatch(context: CanvasRenderingContext2D, colour: string, ratio: number): CanvasPattern | null {
  const size = Math.max(4, Math.round(6 * ratio));
  const tile = document.createElement("canvas");
  tile.width = tile.height = size;
  const lines = tile.getContext("2d");
  if (!lines) return null;
  lines.strokeStyle = colour;
  lines.lineWidth = Math.max(1, ratio * 1.25);
  lines.beginPath();
  for (const shift of [-size, 0, size]) {
    lines.moveTo(shift - 1, size + 1);
    lines.lineTo(shift + size + 1, -1);
  }
  lines.stroke();
  const pattern = context.createPattern(tile, "repeat");
  pattern?.setTransform(new DOMMatrix().scale(1 / ratio));
  return pattern;
}
