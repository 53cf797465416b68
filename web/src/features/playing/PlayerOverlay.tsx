import type { ReactNode } from "react";

import type { CameraState } from "../../api/gen";
import { cx } from "../../design/cx";
import { Icon } from "../../design/Icon";
import type { PlayerState } from "../../player";
import { text } from "../../text/en";
import styles from "./PlayerOverlay.module.css";
import { wordsFor } from "./words";

type PlayerOverlayProps = { player: PlayerState; camera: CameraState | null; action?: ReactNode };

/** The reason and the remedy where a picture should be. *camera* is null in the archive: its state now is no matter there. */
export function PlayerOverlay({ player, camera, action }: PlayerOverlayProps) {
  const words = wordsFor(player, camera);
  return (
    <div
      className={cx(
        styles.overlay,
        words !== null && words !== "loading" && styles.told,
        isHatched(words) && styles.hatched,
      )}
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
