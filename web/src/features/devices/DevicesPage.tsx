import type { Camera } from "../../api/gen";
import { problem, useCameras } from "../../api/queries";
import { buttonClass, Button } from "../../design/Button";
import { Icon } from "../../design/Icon";
import { Page } from "../../design/Page";
import { EmptyState, ErrorState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { bitrate, codecName } from "../../text/format";
import { CameraBadge } from "../cameras/CameraBadge";
import { Link } from "../shell/navigation";
import { cameraHref, hrefOf } from "../shell/routes";
import styles from "./Devices.module.css";

/** Every camera with how it is. */
export function DevicesPage() {
  const query = useCameras();
  const cameras = query.data;
  const add = (
    <Link className={buttonClass("primary")} href={hrefOf({ view: "add-camera" })}>
      <Icon name="plus" />
      {text.devices.add}
    </Link>
  );
  return (
    <Page title={text.places.devices} actions={cameras && cameras.length > 0 && add}>
      {cameras && cameras.length > 0 && (
        <p className={styles.count}>
          {text.wall.online(cameras.filter(({ state }) => state.phase === "online").length, cameras.length)}
        </p>
      )}
      {query.isPending && <Skeleton label={text.shell.loading} lines={4} />}
      {query.isError && !cameras && (
        <ErrorState
          title={problem(query.error).title}
          detail={problem(query.error).detail}
          action={<Button onClick={() => void query.refetch()}>{text.actions.tryAgain}</Button>}
        />
      )}
      {cameras?.length === 0 && (
        <EmptyState icon="camera" title={text.wall.empty} detail={text.wall.emptyDetail} action={add} />
      )}
      {cameras && cameras.length > 0 && (
        <ul className={styles.list}>
          {cameras.map((camera) => (
            <Row key={camera.id} camera={camera} />
          ))}
        </ul>
      )}
    </Page>
  );
}

function Row({ camera }: { camera: Camera }) {
  const { main } = camera.streams;
  const { state } = camera;
  const wrong = state.phase === "waiting";
  return (
    <li className={styles.row}>
      <Link className={styles.name} href={cameraHref(camera.id)}>
        {camera.name}
      </Link>
      <span className={styles.badge}>
        <CameraBadge camera={camera} />
      </span>
      <span className={styles.detail}>{wrong && state.title !== "" ? state.title : camera.url}</span>
      <span className={styles.figures}>
        {main && text.streams.picture(codecName(main.codec), main.width, main.height)}
        {main?.bits_per_second != null && ` · ${bitrate(main.bits_per_second)}`}
      </span>
    </li>
  );
}
