import { useState } from "react";

import type { Camera } from "../../api/gen";
import { problem, useCameras } from "../../api/queries";
import { buttonClass, Button, IconButton } from "../../design/Button";
import { Icon } from "../../design/Icon";
import { Menu } from "../../design/Menu";
import { Page } from "../../design/Page";
import { EmptyState, ErrorState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { Link, navigate } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import { CameraRow } from "./CameraRow";
import styles from "./Devices.module.css";
import { LostDialog } from "./LostDialog";
import { LostNotice } from "./LostNotice";
import { RemovedCard } from "./RemovedCard";
import { csvOfCameras } from "./rows";
import { saveFile } from "./saveFile";
import { SetManyDialog } from "./SetManyDialog";

const t = text.devices;
type Open = "settings" | "lost" | null;

/** Every camera with what and how it is; what is done to many; what removed ones left behind. */
export function DevicesPage() {
  const query = useCameras();
  const cameras = query.data;
  const [open, setOpen] = useState<Open>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const picked = cameras?.filter(({ id }) => chosen.has(id)) ?? [];
  const choose = (id: string, on: boolean) =>
    setChosen((old) => new Set(on ? [...old, id] : [...old].filter((each) => each !== id)));
  const add = (
    <Link className={buttonClass("primary")} href={hrefOf({ view: "add-camera" })}>
      <Icon name="plus" />
      {t.add}
    </Link>
  );
  return (
    <Page
      title={text.places.devices}
      actions={
        cameras &&
        cameras.length > 0 && (
          <>
            <More cameras={cameras} onLost={() => setOpen("lost")} />
            {add}
          </>
        )
      }
    >
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
        <>
          <p className={styles.count}>
            {text.wall.online(cameras.filter(({ state }) => state.phase === "online").length, cameras.length)}
          </p>
          <LostNotice cameras={cameras} onFind={() => setOpen("lost")} />
          <Selection
            all={cameras}
            picked={picked}
            onAll={(on) => setChosen(new Set(on ? cameras.map(({ id }) => id) : []))}
            onSettings={() => setOpen("settings")}
          />
          <ul className={styles.list}>
            {cameras.map((camera) => (
              <CameraRow
                key={camera.id}
                camera={camera}
                chosen={chosen.has(camera.id)}
                onChoose={(on) => choose(camera.id, on)}
              />
            ))}
          </ul>
        </>
      )}
      <RemovedCard />
      {open === "lost" && <LostDialog onClose={() => setOpen(null)} />}
      {open === "settings" && <SetManyDialog cameras={picked} onClose={() => setOpen(null)} />}
    </Page>
  );
}

function More({ cameras, onLost }: { cameras: readonly Camera[]; onLost: () => void }) {
  return (
    <Menu
      trigger={<IconButton icon="more" label={t.more} />}
      items={[
        {
          label: t.byAddress.many,
          icon: "list",
          onSelect: () => navigate(hrefOf({ view: "add-many", found: [] })),
        },
        { label: t.lost.find, icon: "search", onSelect: onLost },
        { label: t.exportList, icon: "download", onSelect: () => saveFile(t.listName, csvOfCameras(cameras)) },
      ]}
    />
  );
}

type SelectionProps = {
  all: readonly Camera[];
  picked: readonly Camera[];
  onAll: (on: boolean) => void;
  onSettings: () => void;
};

function Selection({ all, picked, onAll, onSettings }: SelectionProps) {
  return (
    <div className={styles.selection}>
      <label className={styles.all}>
        <input
          type="checkbox"
          className={styles.check}
          checked={picked.length === all.length}
          onChange={(e) => onAll(e.target.checked)}
        />
        {picked.length === 0 ? t.selectAll : t.selected(picked.length)}
      </label>
      {picked.length > 0 && (
        <>
          <Button icon="system" onClick={onSettings}>
            {t.setSettings}
          </Button>
          <Button tone="quiet" onClick={() => onAll(false)}>
            {t.clear}
          </Button>
        </>
      )}
    </div>
  );
}
