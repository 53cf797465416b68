import { useSyncExternalStore } from "react";

/** What this browser remembers: how the app looks and listens, nothing about people or cameras. */
export type Theme = "system" | "light" | "dark";
export type Preferences = { theme: Theme; shortcuts: boolean; volume: number; boxes: boolean };

const KEY = "tawny.preferences";
const defaults: Preferences = { theme: "system", shortcuts: true, volume: 0.8, boxes: true };

export function readPreferences(stored: string | null): Preferences {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? "null");
  } catch {
    return defaults;
  }
  if (typeof value !== "object" || value === null) return defaults;
  const { theme, shortcuts, volume, boxes } = value as Record<string, unknown>;
  return {
    theme: theme === "light" || theme === "dark" ? theme : defaults.theme,
    shortcuts: typeof shortcuts === "boolean" ? shortcuts : defaults.shortcuts,
    volume: typeof volume === "number" && volume >= 0 && volume <= 1 ? volume : defaults.volume,
    boxes: typeof boxes === "boolean" ? boxes : defaults.boxes,
  };
}

/** Storage may be forbidden by the browser; the app then works and forgets. */
function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

let current = typeof localStorage === "undefined" ? defaults : readPreferences(stored());
const listeners = new Set<() => void>();

export function applyTheme(theme: Theme = current.theme): void {
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Remembering is a comfort: see `stored`.
  }
  applyTheme();
  for (const notify of listeners) notify();
}

export const preferences = () => current;

export function usePreferences(): Preferences {
  return useSyncExternalStore((notify) => {
    listeners.add(notify);
    return () => listeners.delete(notify);
  }, preferences);
}
