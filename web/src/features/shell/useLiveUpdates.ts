import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { socketUrl } from "../../api/client";
import { Events, type EventsState } from "../../api/events";
import { applyChange, keys, signedOut } from "../../api/queries";

/** A reload of a page or a hub that restarts takes a moment; only a longer silence is worth telling. */
const PATIENCE_MS = 1500;

/** Keep what is shown up to date for as long as the page lives; answers whether the hub has been silent for long. */
export function useLiveUpdates(): { reconnecting: boolean } {
  const cache = useQueryClient();
  const [state, setState] = useState<EventsState>("connecting");
  const [reconnecting, setReconnecting] = useState(false);

  useEffect(() => {
    let wasLost = false;
    const events = new Events(
      socketUrl("/events", location),
      (change) => applyChange(cache, change),
      (next) => {
        setState(next);
        // What changed while we were deaf is asked for; a lost session shows in the answer.
        if (next === "open" && wasLost) void cache.invalidateQueries();
        if (next === "ended") signedOut(cache);
        if (next === "lost") void cache.invalidateQueries({ queryKey: keys.session });
        wasLost = next === "lost";
      },
    );
    const retry = () => events.retry();
    window.addEventListener("online", retry);
    return () => {
      window.removeEventListener("online", retry);
      events.close();
    };
  }, [cache]);

  useEffect(() => {
    if (state === "open") return;
    const timer = window.setTimeout(() => setReconnecting(true), PATIENCE_MS);
    return () => {
      window.clearTimeout(timer);
      setReconnecting(false);
    };
  }, [state]);

  return { reconnecting };
}
