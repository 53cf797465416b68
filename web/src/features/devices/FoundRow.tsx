import type { FoundDevice } from "../../api/gen";
import { useCameras } from "../../api/queries";
import { Badge } from "../../design/Badge";
import { Button } from "../../design/Button";
import { text } from "../../text/en";
import { Link } from "../shell/navigation";
import { cameraHref } from "../shell/routes";
import styles from "./Devices.module.css";
import { nameOf, placeOf } from "./rows";

const t = text.devices.discovery;

type FoundRowProps = {
  device: FoundDevice;
  busy: boolean;
  /** Null where it can't be chosen. */
  chosen: boolean | null;
  onChoose: (on: boolean) => void;
  onConnect: () => void;
};

/** One device that answered. */
export function FoundRow({ device, busy, chosen, onChoose, onConnect }: FoundRowProps) {
  const name = nameOf(device) || t.unnamed;
  const maker = text.devices.maker(device.make, device.model);
  return (
    <li className={styles.foundRow} data-gone={device.gone}>
      {chosen === null ? (
        <span />
      ) : (
        <input
          type="checkbox"
          className={styles.check}
          checked={chosen}
          aria-label={text.devices.select(name)}
          onChange={(e) => onChoose(e.target.checked)}
        />
      )}
      <div className={styles.foundText}>
        <strong>
          <bdi>{name}</bdi>
        </strong>
        <span className={styles.detail}>
          {[maker === name ? "" : maker, placeOf(device), t.kinds[device.kind], device.secure ? t.secure : ""]
            .filter((word) => word !== "")
            .join(" · ")}
        </span>
      </div>
      {device.gone && <Badge>{t.gone}</Badge>}
      {device.added.length > 0 ? (
        <Added ids={device.added} />
      ) : (
        <Button disabled={busy} onClick={onConnect} aria-label={t.connectTo(name)}>
          {t.connect}
        </Button>
      )}
    </li>
  );
}

function Added({ ids }: { ids: readonly string[] }) {
  const cameras = useCameras().data?.filter(({ id }) => ids.includes(id)) ?? [];
  return (
    <span className={styles.added}>
      <Badge tone="good" icon="check">
        {t.added}
      </Badge>
      {cameras.map(({ id, name }) => (
        <Link key={id} href={cameraHref(id)}>
          {name}
        </Link>
      ))}
    </span>
  );
}
