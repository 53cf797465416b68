import type { Camera, DevicePhase } from "../../api/gen";
import { Badge, type Tone } from "../../design/Badge";
import { buttonClass } from "../../design/Button";
import { Card, Facts } from "../../design/Page";
import { text } from "../../text/en";
import { Link } from "../shell/navigation";
import { cameraHref } from "../shell/routes";
import styles from "./CameraPage.module.css";
import { clockDrift } from "./clockDrift";
import { deviceTrouble } from "./deviceTrouble";

const t = text.device;
const tones: Readonly<Record<DevicePhase, Tone>> = {
  none: "neutral",
  connecting: "neutral",
  setting_up: "neutral",
  online: "good",
  waiting: "bad",
};

/** What the camera says of itself; what it does not tell is left out. */
export function DeviceCard({ camera }: { camera: Camera }) {
  const { device } = camera;
  const drift = clockDrift(camera.clock_offset_s);
  const known = [
    { name: t.make, value: camera.make },
    { name: t.model, value: camera.model },
    { name: t.firmware, value: camera.firmware },
    { name: t.serial, value: camera.serial },
    { name: t.mac, value: camera.mac },
    { name: t.host, value: camera.host },
  ].filter(({ value }) => value !== "");
  const onvif = camera.kind === "onvif";
  return (
    <Card title={t.title} actions={onvif && <Badge tone={tones[device.phase]}>{t.phases[device.phase]}</Badge>}>
      {/* What a person must decide stands above all, with its buttons. */}
      {onvif && device.title !== "" && deviceTrouble(camera) === null && (
        <div role="status">
          <p className={styles.strong}>{device.title}</p>
          {device.remedy !== "" && <p className={styles.muted}>{device.remedy}</p>}
        </div>
      )}
      <Facts
        items={[
          ...known,
          { name: t.connection, value: t.connections[camera.kind] },
          ...(onvif ? [{ name: t.clock, value: drift.words, tone: drift.wrong ? ("warn" as const) : undefined }] : []),
        ]}
      />
      {drift.wrong && (
        <>
          <p className={styles.muted}>{t.clockRemedy}</p>
          <div className={styles.buttons}>
            <Link className={buttonClass()} href={cameraHref(camera.id, null, "settings")}>
              {t.setClock}
            </Link>
          </div>
        </>
      )}
    </Card>
  );
}
