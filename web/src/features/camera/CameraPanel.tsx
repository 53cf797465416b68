import { lazy, Suspense } from "react";

import { useControls } from "../../api/camera_queries";
import type { Camera } from "../../api/gen";
import { Skeleton } from "../../design/States";
import { Tabs, tabClass } from "../../design/Tabs";
import { text } from "../../text/en";
import type { Picture } from "../playing/picture";
import { noDraft } from "../settings/draft";
import { useDraft } from "../settings/drafts";
import { Link } from "../shell/navigation";
import { cameraHref, type CameraPart, cameraParts } from "../shell/routes";
import { About } from "./About";
import styles from "./CameraPage.module.css";

/** Not everybody who looks at a camera steers it or changes its settings. */
const ControlPanel = lazy(async () => ({ default: (await import("../controls/ControlPanel")).ControlPanel }));
const EventsPart = lazy(async () => ({ default: (await import("./EventsPart")).EventsPart }));
const SettingsPanel = lazy(async () => ({ default: (await import("../settings/SettingsPanel")).SettingsPanel }));

type CameraPanelProps = {
  camera: Camera;
  zone: string;
  part: CameraPart;
  atUs: number | null;
  nowUs: number;
  picture: Picture | null;
  onSeek: (us: number) => void;
};

/** What there is to know, to steer and to set about a camera, beside its picture. */
export function CameraPanel(props: CameraPanelProps) {
  const { camera, zone, part, atUs, nowUs, picture, onSeek } = props;
  const offered = useOffered(camera, part);
  const unsaved = useDraft(camera.id) !== noDraft;
  return (
    <aside className={styles.panel} aria-label={text.camera.panel}>
      <div className={styles.parts}>
        <Tabs label={text.cameraParts.label}>
          {cameraParts
            .filter((each) => offered.has(each))
            .map((each) => (
              <Link
                key={each}
                className={tabClass}
                href={cameraHref(camera.id, atUs, each)}
                aria-current={each === part ? "page" : undefined}
              >
                {text.cameraParts[each]}
                {each === "settings" && unsaved && <Unsaved />}
              </Link>
            ))}
        </Tabs>
      </div>
      <Suspense fallback={<Skeleton label={text.shell.loading} />}>
        {part === "about" && <About camera={camera} zone={zone} />}
        {part === "control" && <ControlPanel camera={camera} />}
        {part === "events" && <EventsPart camera={camera} zone={zone} nowUs={nowUs} onSeek={onSeek} />}
        {part === "settings" && <SettingsPanel camera={camera} zone={zone} picture={picture} />}
      </Suspense>
    </aside>
  );
}

function Unsaved() {
  return (
    <>
      <span className={styles.unsaved} aria-hidden="true" title={text.settings.unsavedMark} />
      <span className="visually-hidden">{text.settings.unsavedMark}</span>
    </>
  );
}

/** The parts that this camera has; one that an address names is shown, if only to say what it lacks. */
function useOffered(camera: Camera, part: CameraPart): ReadonlySet<CameraPart> {
  const onvif = camera.kind === "onvif";
  const { data } = useControls(camera.id, { enabled: onvif && camera.device.phase === "online", watched: false });
  const steers = data !== undefined && (data.ptz ?? data.focus ?? data.relays[0] ?? data.inputs[0] ?? null) !== null;
  const control = camera.ptz || steers || data?.talk === true;
  const offered: CameraPart[] = ["about", "events", part];
  return new Set([...offered, ...(control ? ["control" as const] : []), ...(onvif ? ["settings" as const] : [])]);
}
