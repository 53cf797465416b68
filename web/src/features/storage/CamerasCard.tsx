import { useState } from "react";

import { useCompleteness } from "../../api/archive_queries";
import type { Camera, CameraCompleteness, Storage } from "../../api/gen";
import { useCameras } from "../../api/queries";
import { IconButton } from "../../design/Button";
import { cx } from "../../design/cx";
import { Card } from "../../design/Page";
import { text } from "../../text/en";
import { duration } from "../../text/format";
import { Link } from "../shell/navigation";
import { cameraHref } from "../shell/routes";
import { CameraDepthDialog } from "./CameraDepthDialog";
import styles from "./Storage.module.css";

const t = text.storage;

/** How long each camera's footage is kept, and how whole its last day is. */
export function CamerasCard({ storage }: { storage: Storage }) {
  const cameras = useCameras().data ?? [];
  const completeness = useCompleteness().data?.items ?? [];
  const [changing, setChanging] = useState<Camera | null>(null);
  if (cameras.length === 0) return null;
  return (
    <Card title={t.cameras}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t.camera}</th>
            <th scope="col">{t.keeps}</th>
            <th scope="col">{t.completeness}</th>
          </tr>
        </thead>
        <tbody>
          {cameras.map((camera) => (
            <tr key={camera.id}>
              <th scope="row">
                <Link href={cameraHref(camera.id)} className={styles.camera}>
                  {camera.name}
                </Link>
              </th>
              <td>
                <span className={styles.keeps}>
                  {camera.depth_days === null ? t.asRecorder : t.depthDays(camera.depth_days)}
                  <IconButton
                    icon="edit"
                    size="s"
                    label={t.cameraDepth.title(camera.name)}
                    onClick={() => setChanging(camera)}
                  />
                </span>
              </td>
              <td>
                <Whole found={completeness.find(({ camera: id }) => id === camera.id)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {changing && <CameraDepthDialog camera={changing} storage={storage} onClose={() => setChanging(null)} />}
    </Card>
  );
}

/** How much of the day there is, and why not of the rest. */
function Whole({ found }: { found: CameraCompleteness | undefined }) {
  if (!found) return <span className={styles.muted}>{text.streams.notYet}</span>;
  const reasons = found.reasons.filter(({ seconds }) => seconds >= 1);
  return (
    <div className={styles.whole}>
      <span className={cx(styles.ratio, found.ratio < 0.99 && styles.less)}>{t.complete(found.ratio)}</span>
      <progress className={styles.wholeBar} aria-hidden="true" tabIndex={-1} max={1} value={found.ratio} />
      <span className={styles.muted}>
        {reasons.length === 0
          ? t.noGaps
          : reasons.map(({ reason, seconds }) => t.reason(t.reasons[reason], duration(seconds))).join(", ")}
      </span>
    </div>
  );
}
