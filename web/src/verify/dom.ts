/** Elements without a framework: the page that verifies works alone, from a file. */

type Content = Node | string | null;

/** An element of that name with those attributes and contents. */
export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...contents: readonly Content[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  made.append(...contents.filter((content) => content !== null));
  return made;
}

/** A list of terms and what they are; terms without a value are left out. */
export function sheet(rows: readonly (readonly [string, Content])[]): HTMLElement {
  const shown = rows.filter(([, value]) => value !== null && value !== "");
  return element("dl", {}, ...shown.flatMap(([term, value]) => [element("dt", {}, term), element("dd", {}, value)]));
}

/** A card with a heading. */
export function card(title: string, ...contents: readonly Content[]): HTMLElement {
  return element("section", { class: "card" }, element("h2", {}, title), ...contents);
}

/** A list of sentences. */
export function list(items: readonly string[]): HTMLElement {
  return element("ul", {}, ...items.map((item) => element("li", {}, item)));
}
