import { useState } from "react";

import type { Camera } from "../../api/gen";
import { Button, IconButton } from "../../design/Button";
import { Menu, type MenuItem } from "../../design/Menu";
import { text } from "../../text/en";
import { bitrate, codecName } from "../../text/format";
import { LoginDialog } from "../camera/LoginDialog";
import { CameraBadge } from "../cameras/CameraBadge";
import { Link, navigate } from "../shell/navigation";
import { cameraHref, hrefOf } from "../shell/routes";
import { refusesLogin, troubleOf } from "./deviceState";
import styles from "./Devices.module.css";

const t = text.devices;

type CameraRowProps = { camera: Camera; chosen: boolean; onChoose: (on: boolean) => void };

/** One camera: its name leads to it, what is wrong stands beside what to do about it. */
export function CameraRow({ camera, chosen, onChoose }: CameraRowProps) {
  const [login, setLogin] = useState(false);
  const { main } = camera.streams;
  const trouble = troubleOf(camera);
  const maker = t.maker(camera.make, camera.model);
  const items: MenuItem[] = [
    { label: t.updateLogin, icon: "edit", onSelect: () => setLogin(true) },
    { label: t.swap, icon: "camera", onSelect: () => navigate(hrefOf({ view: "add-camera", swap: camera.id })) },
  ];
  return (
    <li className={styles.row}>
      <input
        type="checkbox"
        className={styles.rowCheck}
        checked={chosen}
        aria-label={t.select(camera.name)}
        onChange={(e) => onChoose(e.target.checked)}
      />
      <span className={styles.who}>
        <Link className={styles.name} href={cameraHref(camera.id)}>
          <bdi>{camera.name}</bdi>
        </Link>
        <span className={styles.detail}>
          {maker !== "" && <bdi>{maker}</bdi>}
          {maker !== "" && camera.host !== "" && " · "}
          {camera.host !== "" && <bdi>{camera.host}</bdi>}
        </span>
      </span>
      <span className={styles.badge}>
        <CameraBadge camera={camera} />
      </span>
      <span className={styles.detail}>
        {trouble === null ? (
          <>
            {main && text.streams.picture(codecName(main.codec), main.width, main.height)}
            {main?.bits_per_second != null && ` · ${bitrate(main.bits_per_second)}`}
          </>
        ) : (
          trouble
        )}
      </span>
      <span className={styles.tools}>
        {refusesLogin(camera) && <Button onClick={() => setLogin(true)}>{t.updateLogin}</Button>}
        <Menu trigger={<IconButton icon="more" label={t.moreFor(camera.name)} />} items={items} />
      </span>
      {login && <LoginDialog camera={camera} onClose={() => setLogin(false)} />}
    </li>
  );
}
