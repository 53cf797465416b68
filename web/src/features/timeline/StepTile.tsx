import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useState } from "react";

import type { Camera } from "../../api/gen";
import { IconButton } from "../../design/Button";
import type { InStep, Player } from "../../player";
import { text } from "../../text/en";
import { PlayerOverlay } from "../playing/PlayerOverlay";
import { usePlayer } from "../playing/usePlayer";
import { useZoom, type Zoom } from "../camera/useZoom";
import { navigate } from "../shell/navigation";
import { cameraHref } from "../shell/routes";
import styles from "./Steps.module.css";

export type TileHandle = { player: Player | null };

type StepTileProps = {
  ref: Ref<TileHandle>;
  camera: Camera;
  step: InStep | null;
  main: boolean;
  /** Keys and buttons are meant for this one. */
  chosen: boolean;
  marked: boolean;
  onChoose: () => void;
  onZoom: (zoom: Zoom) => void;
};

/** One of several recordings in step; it can be enlarged with the wheel, by pinching and by dragging. */
export function StepTile({ ref, camera, step, main, chosen, marked, onChoose, onZoom }: StepTileProps) {
  const { attach, player, state } = usePlayer();
  const [stage, setStage] = useState<HTMLElement | null>(null);
  const zoom = useZoom(stage, player);
  const tellZoom = useEffectEvent(() => onZoom(zoom));
  const hasSub = camera.sub_url !== "";

  useEffect(() => {
    if (!player || !step) return;
    step.join(player, { camera: camera.id, stream: main || !hasSub ? "main" : "sub", hasSub });
    return () => step.leave(player);
  }, [player, step, camera.id, main, hasSub]);
  useEffect(() => {
    if (player) step?.hear(player, state);
  }, [player, step, state]);
  useEffect(() => {
    if (chosen) tellZoom();
  }, [chosen, zoom.view]);
  useImperativeHandle(ref, () => ({ player }), [player]);

  return (
    <article
      className={styles.tile}
      ref={setStage}
      data-marked={marked}
      data-zoomed={zoom.view.scale > 1}
      onPointerDown={onChoose}
    >
      <div className={styles.picture} ref={attach} />
      <PlayerOverlay player={state} camera={null} />
      <bdi className={styles.label}>{camera.name}</bdi>
      <span className={styles.open}>
        <IconButton
          icon="fullScreen"
          label={text.steps.open(camera.name)}
          onClick={() =>
            navigate(cameraHref(camera.id, step === null ? null : Math.round(step.positionUs / 1000) * 1000))
          }
        />
      </span>
    </article>
  );
}
