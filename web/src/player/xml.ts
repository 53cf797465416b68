/**
 * Just enough XML to read what a camera tells (XML 1.0): elements by local name, attributes, text. Not the browser's parser, which
 * answers bad documents with a page that our content security policy objects to.
 */

export interface XmlElement {
  /** Without its prefix. */
  name: string;
  attributes: ReadonlyMap<string, string>;
  children: XmlElement[];
  text: string;
}

const MAX_ELEMENTS = 20_000;
const MAX_DEPTH = 50;
const TAG = /<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y;
const ATTRIBUTE = /(?:[\w.-]+:)?([\w.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
/** What is passed over: declarations, comments; and text that is written as it is. */
const SPECIAL: readonly (readonly [string, string])[] = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
];

function unescaped(text: string): string {
  return text.replace(/&(#x?[\da-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith("#")) return ENTITIES[name] ?? whole;
    const code = name[1] === "x" ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function attributes(text: string): ReadonlyMap<string, string> {
  const found = [...text.matchAll(ATTRIBUTE)];
  return new Map(found.map(([, name = "", double, single]) => [name, unescaped(double ?? single ?? "")]));
}

/** The root element; null where the document is not well formed, or larger than any that we mean. */
export function readXml(document: string): XmlElement | null {
  const outside: XmlElement = { name: "", attributes: new Map(), children: [], text: "" };
  const open = [outside];
  let elements = 0;
  for (let at = 0; ;) {
    const inner = open.at(-1) ?? outside;
    const next = document.indexOf("<", at);
    inner.text += unescaped(document.slice(at, next < 0 ? undefined : next));
    if (next < 0) break;
    const special = SPECIAL.find(([begin]) => document.startsWith(begin, next));
    if (special) {
      const [begin, end] = special;
      const stop = document.indexOf(end, next + begin.length);
      if (stop < 0) return null;
      if (begin === "<![CDATA[") inner.text += document.slice(next + begin.length, stop);
      at = stop + end.length;
      continue;
    }
    TAG.lastIndex = next;
    const tag = TAG.exec(document);
    if (!tag) return null;
    at = TAG.lastIndex;
    const [, closing, name = "", given = "", empty] = tag;
    if (closing) {
      if (open.length === 1 || open.pop()?.name !== name) return null;
      continue;
    }
    const element: XmlElement = { name, attributes: attributes(given), children: [], text: "" };
    inner.children.push(element);
    if (!empty) open.push(element);
    if (++elements > MAX_ELEMENTS || open.length > MAX_DEPTH) return null;
  }
  const [root] = outside.children;
  return open.length === 1 && outside.children.length === 1 && outside.text.trim() === "" ? (root ?? null) : null;
}
