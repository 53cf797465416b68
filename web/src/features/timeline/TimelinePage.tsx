import { useEffect, useRef, useState } from "react";

import type { Camera } from "../../api/gen";
import { problem, useCameras, useZone } from "../../api/queries";
import { buttonClass, Button } from "../../design/Button";
import { Segmented } from "../../design/Segmented";
import { EmptyState, ErrorState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { Link, navigate } from "../shell/navigation";
import { hrefOf, type TimelineRoute } from "../shell/routes";
import { CameraChips } from "./CameraChips";
import styles from "./Steps.module.css";
import { Watching } from "./Watching";

const FIRST = 4;

/** Recordings of several cameras on one clock. */
export function TimelinePage({ route }: { route: TimelineRoute }) {
  const query = useCameras();
  const zone = useZone();
  if (query.isPending) return <Skeleton label={text.shell.loading} shape="block" />;
  if (query.isError && !query.data) {
    const { title, detail } = problem(query.error);
    const retry = <Button onClick={() => void query.refetch()}>{text.actions.tryAgain}</Button>;
    return <ErrorState level={1} title={title} detail={detail} action={retry} />;
  }
  const all = query.data;
  if (all.length === 0) return <NoCameras />;
  const chosen = route.cameras ?? all.slice(0, FIRST).map(({ id }) => id);
  const cameras = chosen.flatMap((id) => all.find((camera) => camera.id === id) ?? []);
  return <Chosen route={route} all={all} cameras={cameras} zone={zone} />;
}

type ChosenProps = { route: TimelineRoute; all: readonly Camera[]; cameras: readonly Camera[]; zone: string };

function Chosen({ route, all, cameras, zone }: ChosenProps) {
  const field = useRef<HTMLDivElement>(null);
  const shownUs = useRef<number | null>(route.atUs);
  const [narrow] = useState(() => matchMedia("(max-width: 720px)").matches);
  useEffect(() => {
    document.title = text.titles.timeline;
  }, []);
  const go = (change: Partial<TimelineRoute>) => {
    const ids = cameras.map(({ id }) => id);
    navigate(hrefOf({ ...route, cameras: ids, atUs: shownUs.current, ...change }), { replace: true });
  };
  return (
    <div className={styles.page} ref={field}>
      <header className={styles.header}>
        <h1>{text.steps.title}</h1>
        <CameraChips all={all} chosen={cameras} narrow={narrow} onChange={(ids) => go({ cameras: ids })} />
        <span className={styles.space} />
        <Segmented
          label={text.steps.stream}
          value={route.main ? "main" : "sub"}
          options={[
            { value: "sub", label: text.steps.lowLabel, content: text.steps.low },
            { value: "main", label: text.steps.highLabel, content: text.steps.high },
          ]}
          onChange={(value) => go({ main: value === "main" })}
        />
      </header>
      {cameras.length === 0 ? (
        <EmptyState icon="timeline" title={text.steps.none} detail={text.steps.noneDetail} />
      ) : (
        <Watching
          cameras={cameras}
          zone={zone}
          main={route.main}
          atUs={route.atUs}
          onTime={(us) => (shownUs.current = us)}
          onSought={(us) => go({ atUs: us })}
          screen={() => field.current}
        />
      )}
    </div>
  );
}

function NoCameras() {
  return (
    <EmptyState
      level={1}
      icon="camera"
      title={text.steps.noCameras}
      detail={text.wall.emptyDetail}
      action={
        <Link className={buttonClass("primary")} href={hrefOf({ view: "add-camera" })}>
          {text.devices.add}
        </Link>
      }
    />
  );
}
