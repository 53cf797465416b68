import { type ComponentProps, type MouseEvent, useMemo, useSyncExternalStore } from "react";

import { type Route, routeOf } from "./routes";

/** popstate is not fired by our own pushState, so we tell of that ourselves. */
const MOVED = "tawny:moved";

function subscribe(notify: () => void): () => void {
  window.addEventListener("popstate", notify);
  window.addEventListener(MOVED, notify);
  return () => {
    window.removeEventListener("popstate", notify);
    window.removeEventListener(MOVED, notify);
  };
}

const currentAddress = () => location.pathname + location.search;

export function useRoute(): Route {
  const address = useSyncExternalStore(subscribe, currentAddress);
  return useMemo(() => {
    const url = new URL(address, location.origin);
    return routeOf(url.pathname, url.search);
  }, [address]);
}

/** Go to a view. *replace* leaves no step in the history: for a moment or a filter within one view. */
export function navigate(href: string, { replace = false }: { replace?: boolean } = {}): void {
  if (href === currentAddress()) return;
  if (replace) history.replaceState(null, "", href);
  else history.pushState(null, "", href);
  window.dispatchEvent(new Event(MOVED));
}

const isPlainClick = (e: MouseEvent) =>
  e.button === 0 && !e.defaultPrevented && !e.metaKey && !e.ctrlKey && !e.shiftKey && !e.altKey;

/** A real link, so that it can be opened in a new tab or copied; a plain click stays in the page. */
export function Link({ href, onClick, ...rest }: ComponentProps<"a"> & { href: string }) {
  return (
    <a
      {...rest}
      href={href}
      onClick={(e) => {
        onClick?.(e);
        if (!isPlainClick(e)) return;
        e.preventDefault();
        navigate(href);
      }}
    />
  );
}
