import { useCameras } from "../../api/queries";
import { navigate } from "../shell/navigation";
import { cameraHref } from "../shell/routes";
import { useShortcuts } from "../shell/shortcuts";
import type { Playback } from "./usePlayback";
import type { Zoom } from "./useZoom";

const SKIP_S = 10;

type To = (direction: "next" | "previous") => void;
type PlayerActs = { fill: () => void; toGap: To; toEvent: To; snapshot: () => void };

/** The keys of the player, as the help dialog lists them. */
export function usePlayerShortcuts(playback: Playback, zoom: Zoom | null, acts: PlayerActs): void {
  const cameras = useCameras().data ?? [];
  const zoomed = zoom !== null && zoom.view.scale > 1;
  useShortcuts({
    space: playback.togglePause,
    k: playback.togglePause,
    j: () => playback.shuttle(-1),
    l: () => playback.shuttle(1),
    "<": () => playback.nudge(-1),
    ">": () => playback.nudge(1),
    n: () => acts.toGap("next"),
    p: () => acts.toGap("previous"),
    v: () => acts.toEvent("next"),
    c: () => acts.toEvent("previous"),
    s: acts.snapshot,
    // A picture larger than its frame is moved by the arrows, as it is by dragging.
    ArrowLeft: zoomed ? () => zoom.move(-1, 0) : () => playback.skip(-SKIP_S),
    ArrowRight: zoomed ? () => zoom.move(1, 0) : () => playback.skip(SKIP_S),
    ...(zoomed && { ArrowUp: () => zoom.move(0, -1), ArrowDown: () => zoom.move(0, 1) }),
    ",": () => playback.step(-1),
    ".": () => playback.step(1),
    f: acts.fill,
    m: () => playback.setSound(!playback.sound),
    e: playback.goLive,
    ...(zoom && { "+": zoom.zoomIn, "=": zoom.zoomIn, "-": zoom.zoomOut, "0": zoom.reset }),
    ...Object.fromEntries(
      cameras.slice(0, 9).map((camera, i) => [String(i + 1), () => navigate(cameraHref(camera.id))]),
    ),
  });
}
