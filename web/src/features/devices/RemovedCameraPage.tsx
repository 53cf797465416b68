import { useEffect, useRef } from "react";

import type { Camera, RemovedFootage } from "../../api/gen";
import { useZone } from "../../api/queries";
import { buttonClass } from "../../design/Button";
import { EmptyState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { parseMoment } from "../../text/time";
import { Link, navigate } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import stepStyles from "../timeline/Steps.module.css";
import { Watching } from "../timeline/Watching";
import { useRemovedCameras } from "./RemovedCard";

const t = text.devices.removed;

/** The recordings of a camera that was removed, from where they end or from the moment that the address names. */
export function RemovedCameraPage({ id, atUs }: { id: string; atUs: number | null }) {
  const { data, isPending } = useRemovedCameras();
  const zone = useZone();
  const field = useRef<HTMLDivElement>(null);
  const removed = data?.find((each) => each.id === id);
  useEffect(() => {
    if (removed) document.title = text.titles.camera(removed.name);
  }, [removed]);
  if (isPending) return <Skeleton label={text.shell.loading} shape="block" />;
  if (!removed) return <Nothing />;
  const startUs = atUs ?? parseMoment(removed.oldest ?? removed.added_at);
  return (
    <div className={stepStyles.page} ref={field}>
      <header className={stepStyles.header}>
        <h1>
          <bdi>{removed.name}</bdi>
        </h1>
        <span>{t.title}</span>
        <span className={stepStyles.space} />
        <Link className={buttonClass()} href={hrefOf({ view: "devices" })}>
          {text.camera.toDevices}
        </Link>
      </header>
      <Watching
        cameras={[asCamera(removed)]}
        zone={zone}
        main
        atUs={startUs}
        onTime={() => undefined}
        onSought={(us) => navigate(hrefOf({ view: "removed-camera", id, atUs: us }), { replace: true })}
        screen={() => field.current}
      />
    </div>
  );
}

/** What the player and the timeline want to know of a camera; there is nothing live of this one. */
function asCamera({ id, name, added_at, removed_at }: RemovedFootage): Camera {
  const gone = { since: removed_at, title: "", remedy: "", kind: "", retry_at: null };
  return {
    id,
    name,
    kind: "rtsp",
    enabled: false,
    sound: false,
    url: "",
    sub_url: "",
    user: "",
    added_at,
    depth_days: null,
    make: "",
    model: "",
    firmware: "",
    serial: "",
    mac: "",
    uuid: "",
    host: "",
    transport: "automatic",
    allow_basic: false,
    fingerprint: "",
    ptz: false,
    clock_offset_s: null,
    state: { ...gone, phase: "disabled" },
    device: { ...gone, phase: "none" },
    streams: { main: null, sub: null },
  };
}

function Nothing() {
  return (
    <EmptyState
      level={1}
      icon="camera"
      title={t.unknown}
      detail={t.unknownDetail}
      action={
        <Link className={buttonClass("primary")} href={hrefOf({ view: "devices" })}>
          {text.camera.toDevices}
        </Link>
      }
    />
  );
}
