import { type MouseEvent, useEffect, useRef } from "react";

import type { Camera } from "../../api/gen";
import { cx } from "../../design/cx";
import { text } from "../../text/en";
import { PlayerOverlay } from "../playing/PlayerOverlay";
import { toggleFullScreen } from "../playing/fullScreen";
import { usePlayer } from "../playing/usePlayer";
import { Link, navigate } from "../shell/navigation";
import { cameraHref } from "../shell/routes";
import styles from "./Wall.module.css";

/** A second click within this time makes it a double click. */
const DOUBLE_CLICK_MS = 230;

/** One camera on the wall, live. Click opens it, double click fills the screen with it. */
export function Tile({ camera, number, large }: { camera: Camera; number: number; large: boolean }) {
  const { attach, player, state } = usePlayer();
  const tile = useRef<HTMLElement>(null);
  const opening = useRef<number>(undefined);
  const href = cameraHref(camera.id);
  const { phase } = camera.state;
  const streams = phase !== "disabled";
  const main = large || camera.sub_url === "";

  useEffect(() => {
    if (streams) player?.live(camera.id, { main, sound: false });
  }, [player, camera.id, main, streams]);
  useEffect(() => () => window.clearTimeout(opening.current), []);

  const onClick = (e: MouseEvent) => {
    // The keyboard and clicks meant for another tab or window go on as the link they are on.
    if (e.detail === 0 || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    window.clearTimeout(opening.current);
    if (e.detail === 1) opening.current = window.setTimeout(() => navigate(href), DOUBLE_CLICK_MS);
    else toggleFullScreen(tile.current);
  };

  return (
    <article className={styles.tile} ref={tile}>
      <div className={styles.picture} ref={attach} />
      <PlayerOverlay player={state} camera={camera.state} />
      <Link className={styles.cover} href={href} onClick={onClick}>
        <span className={styles.label}>
          <span className={cx(styles.dot, styles[phase])} aria-hidden="true" />
          <bdi className={styles.name}>{camera.name}</bdi>
          {number <= 9 && (
            <kbd className={styles.number} aria-hidden="true">
              {number}
            </kbd>
          )}
          <span className="visually-hidden">{text.phases[phase]}</span>
        </span>
      </Link>
    </article>
  );
}
