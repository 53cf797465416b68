import type { CameraState } from "../../api/gen";
import type { IconName } from "../../design/Icon";
import type { PlayerState } from "../../player";
import { text } from "../../text/en";

type Words = { icon: IconName; title: string; remedy?: string; hatched?: boolean };

/** What to say over the picture; null while the picture speaks for itself. */
export function wordsFor(player: PlayerState, camera: CameraState | null): Words | "loading" | null {
  if (camera && camera.phase !== "online") {
    const icon = camera.phase === "disabled" ? "off" : camera.phase === "connecting" ? "wait" : "warning";
    return {
      icon,
      title: camera.title || text.phaseTitles[camera.phase],
      remedy: camera.remedy || text.phaseRemedies[camera.phase],
    };
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
      return { icon: "check", title: player.oldest === true ? text.player.begins : text.player.ended };
    case "failed":
      return { icon: "warning", title: player.title, remedy: player.remedy };
  }
}
