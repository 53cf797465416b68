import { useEffect, useEffectEvent } from "react";

import { preferences } from "./preferences";

export type Shortcuts = Readonly<Record<string, () => void>>;

/** The name of a pressed key in a table of shortcuts: letters in lower case, the space bar as "space". */
export function keyName(key: string): string {
  return key === " " ? "space" : key.length === 1 ? key.toLowerCase() : key;
}

/** Keys that a control under the focus understands itself. */
function belongsToControl(e: KeyboardEvent): boolean {
  const target = e.target;
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.matches("input:not([type=radio]), textarea, select")) return true;
  if (target.closest("[role=menu], [role=grid]")) return true;
  if (target.matches("[type=radio]")) return e.key.startsWith("Arrow") || e.key === " ";
  return e.key === " " && target.matches("button, a, summary, [role=switch]");
}

/**
 * Single-key shortcuts of a view. They can be switched off (WCAG 2.1.4) and rest while a dialog is open or somebody
 * types.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const onKeyDown = useEffectEvent((e: KeyboardEvent) => {
    if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || !preferences().shortcuts) return;
    if (belongsToControl(e) || document.querySelector("dialog[open]")) return;
    const act = shortcuts[keyName(e.key)];
    if (!act) return;
    e.preventDefault();
    act();
  });
  useEffect(() => {
    const listen = (e: KeyboardEvent) => onKeyDown(e);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}
