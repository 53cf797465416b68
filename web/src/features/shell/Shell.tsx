import { type ReactNode, useEffect, useRef, useState } from "react";

import { cx } from "../../design/cx";
import { Icon, type IconName, Mark } from "../../design/Icon";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { useWitness } from "../evidence/witness";
import { Banner } from "./Banner";
import { HelpDialog } from "./HelpDialog";
import { Link } from "./navigation";
import { hrefOf, type Route, systemViews, wallHref } from "./routes";
import { SearchDialog } from "./SearchDialog";
import styles from "./Shell.module.css";
import { useShortcuts } from "./shortcuts";
import { useLiveUpdates } from "./useLiveUpdates";

type Place = { label: string; icon: IconName; href: string; views: readonly Route["view"][] };

/** Always in the same order; what is not built yet is not shown. */
const places: readonly Place[] = [
  { label: text.places.wall, icon: "wall", href: wallHref, views: ["wall"] },
  { label: text.places.timeline, icon: "timeline", href: "/timeline", views: ["timeline"] },
  { label: text.places.events, icon: "bell", href: "/events", views: ["events"] },
  {
    label: text.places.devices,
    icon: "camera",
    href: hrefOf({ view: "devices" }),
    views: ["devices", "add-camera", "add-many", "batch", "removed-camera", "camera"],
  },
  {
    label: text.places.system,
    icon: "system",
    href: hrefOf({ view: "system" }),
    views: [...systemViews, "design"],
  },
];

type Open = "search" | "help" | null;

/** What every screen has: the places, what is wrong with the whole, and the keys that work everywhere. */
export function Shell({ route, children }: { route: Route; children: ReactNode }) {
  const { reconnecting } = useLiveUpdates();
  useWitness();
  const [open, setOpen] = useState<Open>(null);
  const main = useRef<HTMLElement>(null);
  useShortcuts({ "/": () => setOpen("search"), "?": () => setOpen("help") });
  useFocusOnArrival(route, main);

  return (
    <div className={styles.shell}>
      <a className={styles.skip} href="#main">
        {text.shell.skip}
      </a>
      <nav className={styles.nav} aria-label={text.shell.places}>
        <Link className={styles.brand} href={wallHref} aria-label={text.product} tabIndex={-1}>
          <Mark />
        </Link>
        {places.map((place) => (
          <Link
            key={place.href}
            className={styles.place}
            href={place.href}
            aria-current={place.views.includes(route.view) ? "page" : undefined}
          >
            <Icon name={place.icon} size={24} />
            {place.label}
          </Link>
        ))}
        <span className={styles.space} />
        <button type="button" className={cx(styles.place, styles.tool)} onClick={() => setOpen("search")}>
          <Icon name="search" size={24} />
          {text.shell.search}
        </button>
        <button type="button" className={cx(styles.place, styles.tool, styles.keys)} onClick={() => setOpen("help")}>
          <Icon name="keyboard" size={24} />
          {text.shell.keys}
        </button>
      </nav>
      <main className={styles.main} id="main" ref={main} tabIndex={-1} data-view={route.view}>
        <div className={styles.notices}>
          {reconnecting ? <Notice tone="neutral" title={text.shell.reconnecting} /> : <Banner route={route} />}
        </div>
        {children}
      </main>
      {open === "search" && <SearchDialog onClose={() => setOpen(null)} />}
      {open === "help" && <HelpDialog onClose={() => setOpen(null)} />}
    </div>
  );
}

/** After a move to another view the focus, and with it a screen reader, starts at the new content. */
function useFocusOnArrival(route: Route, main: { current: HTMLElement | null }): void {
  const place = route.view === "camera" ? `camera ${route.id}` : route.view;
  const shown = useRef(place);
  useEffect(() => {
    document.title = route.view === "camera" ? document.title : text.titles[route.view];
    if (shown.current === place) return;
    shown.current = place;
    main.current?.focus();
    window.scrollTo(0, 0);
  }, [place, route.view, main]);
}
