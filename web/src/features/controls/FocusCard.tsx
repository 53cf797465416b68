import { useClient } from "../../api/queries";
import type { Camera, Focus } from "../../api/gen";
import { Switch } from "../../design/Field";
import { Icon } from "../../design/Icon";
import { Card } from "../../design/Page";
import { text } from "../../text/en";
import styles from "./Controls.module.css";
import { HoldButton } from "./HoldButton";
import { useFocusMover, useSteer } from "./useSteering";

const t = text.controls;
const SPEED = 0.5;
/** Of the whole range, where the focus goes in steps. */
const STEP = 0.05;

/** The lens by hand, or by itself. */
export function FocusCard({ camera, focus }: { camera: Camera; focus: Focus }) {
  const client = useClient();
  const steer = useSteer(camera);
  const mover = useFocusMover(camera);
  const hold = (way: 1 | -1) => {
    if (focus.move) mover.hold(way * SPEED);
    else void steer(client.steerFocus(camera.id, { do: "by", value: way * STEP }));
  };
  const release = () => mover.release();
  return (
    <Card title={t.focus}>
      {focus.auto !== null && (
        <Switch
          label={t.auto}
          checked={focus.auto}
          onChange={(auto) => void steer(client.steerFocus(camera.id, { do: auto ? "auto" : "manual" }))}
        />
      )}
      {(focus.move || focus.by) && (
        <div className={styles.buttons}>
          <HoldButton label={t.near} disabled={focus.auto === true} onHold={() => hold(-1)} onRelease={release}>
            <Icon name="near" size={24} />
          </HoldButton>
          <HoldButton label={t.far} disabled={focus.auto === true} onHold={() => hold(1)} onRelease={release}>
            <Icon name="far" size={24} />
          </HoldButton>
        </div>
      )}
    </Card>
  );
}
