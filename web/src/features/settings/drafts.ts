/** Changes of cameras' settings that were made and not yet saved: they stay while one looks at something else. */

import { useSyncExternalStore } from "react";

import { type Draft, noDraft } from "./draft";

/** Invariant: who leaves the page is asked exactly while a draft is kept. */
export class Drafts {
  private readonly kept = new Map<string, Draft>();
  private readonly hearers = new Set<() => void>();

  constructor(private readonly page: EventTarget) {}

  of(camera: string): Draft {
    return this.kept.get(camera) ?? noDraft;
  }

  keep(camera: string, draft: Draft): void {
    if (Object.keys(draft).length > 0) this.kept.set(camera, draft);
    else this.kept.delete(camera);
    if (this.kept.size > 0) this.page.addEventListener("beforeunload", ask);
    else this.page.removeEventListener("beforeunload", ask);
    for (const hear of this.hearers) hear();
  }

  readonly subscribe = (hear: () => void): (() => void) => {
    this.hearers.add(hear);
    return () => this.hearers.delete(hear);
  };
}

/** The browser then asks in its own words. */
const ask = (e: Event): void => e.preventDefault();

export const drafts = new Drafts(globalThis);

export const useDraft = (camera: string): Draft => useSyncExternalStore(drafts.subscribe, () => drafts.of(camera));
