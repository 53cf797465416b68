import { type KeyboardEvent, useRef, useState } from "react";

import { useClient } from "../../api/queries";
import type { Camera, Position, Ptz } from "../../api/gen";
import { Badge } from "../../design/Badge";
import { IconButton } from "../../design/Button";
import { Icon, type IconName } from "../../design/Icon";
import { Card } from "../../design/Page";
import { Slider } from "../../design/Slider";
import { text } from "../../text/en";
import styles from "./Controls.module.css";
import { HoldButton } from "./HoldButton";
import { atSpeed, isSteeringKey, isStill, stepOf, still, type Way, wayOf } from "./steering";
import { usePtzMover, useSteer } from "./useSteering";

const t = text.controls;
type WayName = keyof typeof t.ways;
type Pad = { name: WayName; way: Way };

const way = (pan: number, tilt: number): Way => ({ ...still, pan, tilt });
/** As they stand on the pad, row by row; null is its middle. */
const pad: readonly (Pad | null)[] = [
  { name: "upLeft", way: way(-1, 1) },
  { name: "up", way: way(0, 1) },
  { name: "upRight", way: way(1, 1) },
  { name: "left", way: way(-1, 0) },
  null,
  { name: "right", way: way(1, 0) },
  { name: "downLeft", way: way(-1, -1) },
  { name: "down", way: way(0, -1) },
  { name: "downRight", way: way(1, -1) },
];
const icons: Readonly<Record<WayName, IconName>> = {
  up: "up",
  down: "down",
  left: "left",
  right: "right",
  upLeft: "upLeft",
  upRight: "upRight",
  downLeft: "downLeft",
  downRight: "downRight",
};

/** Turn and zoom the camera: hold a button, or the arrow keys. */
export function PtzCard({ camera, ptz }: { camera: Camera; ptz: Ptz }) {
  const client = useClient();
  const steer = useSteer(camera);
  const mover = usePtzMover(camera);
  const [speed, setSpeed] = useState(0.5);
  const pressed = useRef(new Set<string>());
  const steps = !ptz.move;

  const hold = (wished: Way) => {
    const scaled = atSpeed(wished, speed);
    if (!steps) {
      mover.hold(scaled);
      return;
    }
    const step = stepOf(ptz, scaled);
    if (step) void steer(client.steerPtz(camera.id, step));
  };
  const release = () => mover.release();
  const follow = () => {
    const wished = wayOf(pressed.current);
    if (isStill(wished)) release();
    else hold(wished);
  };
  const keyDown = (e: KeyboardEvent) => {
    if (e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === "Home" && ptz.home) void steer(client.steerPtz(camera.id, { do: "home" }));
    else if (!isSteeringKey(e.key)) return;
    e.preventDefault();
    if (e.repeat || e.key === "Home") return;
    pressed.current.add(e.key);
    follow();
  };
  const keyUp = (e: KeyboardEvent) => {
    if (pressed.current.delete(e.key) && !steps) follow();
  };
  const letGo = () => {
    pressed.current.clear();
    release();
  };

  return (
    <Card title={t.ptz} actions={ptz.moving === true && <Badge tone="accent">{t.moving}</Badge>}>
      <div role="group" aria-label={t.pad} className={styles.steer} onKeyDown={keyDown} onKeyUp={keyUp} onBlur={letGo}>
        <div className={styles.pad}>
          {pad.map((each) =>
            each ? (
              <HoldButton key={each.name} label={t.ways[each.name]} onHold={() => hold(each.way)} onRelease={release}>
                <Icon name={icons[each.name]} size={24} />
              </HoldButton>
            ) : (
              <div key="middle" className={styles.middle}>
                {ptz.home && (
                  <IconButton
                    icon="home"
                    label={t.home}
                    onClick={() => void steer(client.steerPtz(camera.id, { do: "home" }))}
                  />
                )}
              </div>
            ),
          )}
        </div>
        {ptz.zoom && (
          <div className={styles.zoom}>
            <HoldButton label={t.zoomIn} onHold={() => hold({ ...still, zoom: 1 })} onRelease={release}>
              <Icon name="zoomIn" size={24} />
            </HoldButton>
            <HoldButton label={t.zoomOut} onHold={() => hold({ ...still, zoom: -1 })} onRelease={release}>
              <Icon name="zoomOut" size={24} />
            </HoldButton>
          </div>
        )}
      </div>
      <div className={styles.speed}>
        <span aria-hidden="true">{t.speed}</span>
        <Slider
          label={t.speed}
          value={speed}
          min={0.1}
          max={1}
          step={0.1}
          valueText={text.player.percent(speed)}
          onChange={setSpeed}
        />
        <span className={styles.muted}>{text.player.percent(speed)}</span>
      </div>
      <p className={styles.muted}>{steps ? t.stepHint : t.padHint}</p>
      {ptz.position && <PositionWords position={ptz.position} />}
    </Card>
  );
}

function PositionWords({ position: { pan, tilt, zoom } }: { position: Position }) {
  const parts = [
    ...(pan === null ? [] : [t.panOf(pan.toFixed(2))]),
    ...(tilt === null ? [] : [t.tiltOf(tilt.toFixed(2))]),
    ...(zoom === null ? [] : [t.zoomOf(text.player.percent(zoom))]),
  ];
  if (parts.length === 0) return null;
  return (
    <p className={styles.muted}>
      {t.position}: {t.positionOf(parts)}
    </p>
  );
}
