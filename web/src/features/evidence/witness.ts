import { useEffect, useSyncExternalStore } from "react";

import type { Client } from "../../api/client";
import { useClient } from "../../api/queries";
import { accepted, isKnown, type Kept, readHead, readKept, witnessed } from "./kept";

const KEY = "tawny.witness";
const EVERY_MS = 60_000;

function stored(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null; // storage may be forbidden: then this browser witnesses only while the page is open
  }
}

let current: Kept = typeof localStorage === "undefined" ? readKept(null) : readKept(stored());
const listeners = new Set<() => void>();

function keep(kept: Kept): void {
  if (kept === current) return;
  current = kept;
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // See `stored`.
  }
  for (const notify of listeners) notify();
}

/** What this browser has witnessed. */
export function useKept(): Kept {
  return useSyncExternalStore(
    (notify) => {
      listeners.add(notify);
      return () => listeners.delete(notify);
    },
    () => current,
  );
}

/** Somebody has looked into a contradiction: go on from what there is now. */
export function acceptBroken(): void {
  keep(accepted(current));
}

async function look(client: Client): Promise<void> {
  const answer = await client.heads();
  if (!answer.ok) return;
  const head = readHead(answer.value.head, answer.value.statement);
  if (head === null || isKnown(current, head)) return;
  keep(witnessed(current, head));
  // A head that contradicts what was seen gets no witness.
  if (current.broken === null) await client.witnessed(head.id);
}

/** Once a minute, while the page is seen, keep the recorder's newest signed head outside the recorder: here. */
export function useWitness(): void {
  const client = useClient();
  useEffect(() => {
    const lookWhenSeen = () => {
      if (document.visibilityState === "visible") void look(client);
    };
    lookWhenSeen();
    const timer = window.setInterval(lookWhenSeen, EVERY_MS);
    document.addEventListener("visibilitychange", lookWhenSeen);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", lookWhenSeen);
    };
  }, [client]);
}
