import type { ReactNode } from "react";

import type { CameraState } from "../../api/gen";
import { cx } from "../../design/cx";
import { Icon, type IconName } from "../../design/Icon";
import type { PlayerState } from "../../player";
import { text } from "../../text/en";
import styles from "./PlayerOverlay.module.css";

type Words = { icon: IconName; title: string; remedy?: string; hatched?: boolean };

/** What to say over the picture; null while the picture speaks for itself. */
export function wordsFor(player: PlayerState, camera: CameraState | null): Words | "loading" | null {
  if (camera && camera.phase !== "online") {
    const icon = camera.phase === "disabled" ? "off" : camera.phase === "connecting" ? "wait" : "warning";
    return { icon, title: camera.title || text.phases[camera.phase], remedy: camera.remedy };
  }
  switch (player.kind) {
    case "idle":
    case "playing":
    case "paused":
      return null;
    case "loading":
      return "loading";
    case "waiting":
      return { icon: "wait", title: player.title };
    case "gap":
      return { icon: "info", title: player.title, hatched: true };
    case "ended":
      return { icon: "check", title: text.player.ended };
    case "failed":
      return { icon: "warning", title: player.title, remedy: player.remedy };
  }
}

type PlayerOverlayProps = { player: PlayerState; camera: CameraState | null; action?: ReactNode };

/** The reason and the remedy where a picture should be. *camera* is null in the archive: its state now is no matter there. */
export function PlayerOverlay({ player, camera, action }: PlayerOverlayProps) {
  const words = wordsFor(player, camera);
  return (
    <div
      className={cx(styles.overlay, words !== null && styles.shown, isHatched(words) && styles.hatched)}
      role="status"
      aria-live="polite"
    >
      {words === "loading" && <Loading />}
      {player.kind === "playing" && words === null && player.note !== undefined && (
        <span className={styles.note}>{player.note}</span>
      )}
      {words !== null && words !== "loading" && (
        <div className={styles.words}>
          <Icon name={words.icon} size={28} />
          <strong>{words.title}</strong>
          {words.remedy !== undefined && words.remedy !== "" && <span className={styles.remedy}>{words.remedy}</span>}
          {action}
        </div>
      )}
    </div>
  );
}

const isHatched = (words: ReturnType<typeof wordsFor>) =>
  words !== null && words !== "loading" && words.hatched === true;

function Loading() {
  return (
    <>
      <span className={styles.spinner} aria-hidden="true" />
      <span className="visually-hidden">{text.player.loading}</span>
    </>
  );
}
