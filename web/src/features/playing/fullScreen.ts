import { useSyncExternalStore } from "react";

function subscribe(notify: () => void): () => void {
  document.addEventListener("fullscreenchange", notify);
  return () => document.removeEventListener("fullscreenchange", notify);
}

const element = () => document.fullscreenElement;

/** The element that fills the screen, if any. */
export function useFullScreenElement(): Element | null {
  return useSyncExternalStore(subscribe, element);
}

/** Fill the screen with *target*, or give it back. Where the browser refuses (an iPhone) everything stays as it is. */
export function toggleFullScreen(target: HTMLElement | null): void {
  const change = document.fullscreenElement ? document.exitFullscreen() : target?.requestFullscreen();
  change?.catch(() => undefined);
}

export const canFillScreen = () => document.fullscreenEnabled;
