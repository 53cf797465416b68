import { exportFileUrl } from "../../api/client";
import type { Camera, Export } from "../../api/gen";
import { Badge } from "../../design/Badge";
import { Icon } from "../../design/Icon";
import { text } from "../../text/en";
import { bytes, span } from "../../text/format";
import { parseMoment } from "../../text/time";
import { cameraNames } from "../cameras/names";
import styles from "./Exports.module.css";

const t = text.exports;
type ExportFilesProps = { made: Export; cameras: readonly Camera[]; zone: string };

/** The files of an export, each with the checksum that a report names. */
export function ExportFiles({ made, cameras, zone }: ExportFilesProps) {
  return (
    <details className={styles.details}>
      <summary>
        {t.filesAndHashes} ({made.files.length})
      </summary>
      <ul className={styles.files}>
        {made.files.map((file) => (
          <li key={file.number} className={styles.file}>
            <div className={styles.fileHead}>
              <a className={styles.fileName} href={exportFileUrl(made.id, file.number)} download>
                <Icon name="download" size={16} />
                {file.name}
              </a>
              {file.derived && <Badge tone="warn">{t.derived}</Badge>}
              <span className={styles.muted}>{bytes(file.bytes)}</span>
            </div>
            <p className={styles.muted}>
              {cameraNames([file.camera], cameras)} ·{" "}
              {span(parseMoment(file.from) ?? 0, parseMoment(file.to) ?? 0, zone)}
            </p>
            {file.derived && <p className={styles.muted}>{t.derivedHint}</p>}
            <Hash value={file.sha256} />
          </li>
        ))}
        {made.zip_sha256 !== null && (
          <li className={styles.file}>
            <p>{t.zip}</p>
            <Hash value={made.zip_sha256} />
          </li>
        )}
      </ul>
    </details>
  );
}

function Hash({ value }: { value: string }) {
  return (
    <p className={styles.hash}>
      <span>{t.sha256}</span> <code>{value}</code>
    </p>
  );
}
