import { useRef } from "react";

import { problem, useCameras } from "../../api/queries";
import { buttonClass, Button, IconButton } from "../../design/Button";
import { Segmented } from "../../design/Segmented";
import { EmptyState, ErrorState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { canFillScreen, toggleFullScreen, useFullScreenElement } from "../playing/fullScreen";
import { Link, navigate } from "../shell/navigation";
import { cameraHref, type GridSize, gridSizes, hrefOf } from "../shell/routes";
import { useShortcuts } from "../shell/shortcuts";
import { layoutOf } from "./layout";
import { Tile } from "./Tile";
import styles from "./Wall.module.css";

/** Every camera, live. */
export function WallPage({ grid, page }: { grid: GridSize | null; page: number }) {
  const query = useCameras();
  const cameras = query.data ?? [];
  const layout = layoutOf(cameras.length, grid, page);
  const shown = cameras.slice(layout.first, layout.first + layout.grid);
  const tiles = useRef<HTMLDivElement>(null);
  const filling = useFullScreenElement() !== null;

  const go = (change: { grid?: GridSize; page?: number }) =>
    navigate(hrefOf({ view: "wall", grid, page: layout.page, ...change }), { replace: true });
  useShortcuts({
    f: () => toggleFullScreen(tiles.current),
    ...Object.fromEntries(shown.slice(0, 9).map((camera, i) => [String(i + 1), () => navigate(cameraHref(camera.id))])),
    ...(layout.page > 1 && { ArrowLeft: () => go({ page: layout.page - 1 }) }),
    ...(layout.page < layout.pages && { ArrowRight: () => go({ page: layout.page + 1 }) }),
  });

  return (
    <div className={styles.wall}>
      <header className={styles.bar}>
        <h1>{text.places.wall}</h1>
        {query.data && cameras.length > 0 && (
          <span className={styles.count}>
            {text.wall.online(cameras.filter(({ state }) => state.phase === "online").length, cameras.length)}
          </span>
        )}
        <span className={styles.space} />
        {layout.pages > 1 && <Paging page={layout.page} pages={layout.pages} onPage={(to) => go({ page: to })} />}
        {cameras.length > 0 && (
          <>
            <Segmented
              label={text.wall.grid}
              value={layout.grid}
              options={gridSizes.map((size) => ({ value: size, label: text.wall.gridOf(size), content: String(size) }))}
              onChange={(size) => go({ grid: size, page: Math.floor(layout.first / size) + 1 })}
            />
            {canFillScreen() && (
              <IconButton
                icon={filling ? "exitFullScreen" : "fullScreen"}
                label={filling ? text.actions.exitFullScreen : text.actions.fullScreen}
                onClick={() => toggleFullScreen(tiles.current)}
              />
            )}
          </>
        )}
      </header>
      {query.isPending && (
        <div className={styles.wait}>
          <Skeleton label={text.shell.loading} shape="block" />
        </div>
      )}
      {query.isError && !query.data && <LoadFailed error={query.error} onRetry={() => void query.refetch()} />}
      {query.data?.length === 0 && (
        <EmptyState
          icon="camera"
          title={text.wall.empty}
          detail={text.wall.emptyDetail}
          action={
            <Link className={buttonClass("primary")} href={hrefOf({ view: "add-camera" })}>
              {text.devices.add}
            </Link>
          }
        />
      )}
      {shown.length > 0 && (
        <div className={styles.field} ref={tiles}>
          <div
            className={styles.tiles}
            style={{ "--columns": layout.columns, "--rows": layout.rows }}
            data-grid={layout.grid}
          >
            {shown.map((camera, i) => (
              <Tile key={camera.id} camera={camera} number={i + 1} large={layout.grid === 1} />
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

function Paging({ page, pages, onPage }: { page: number; pages: number; onPage: (page: number) => void }) {
  return (
    <div className={styles.paging} role="group" aria-label={text.wall.pages}>
      <IconButton icon="left" label={text.wall.previous} disabled={page === 1} onClick={() => onPage(page - 1)} />
      <span aria-live="polite">{text.wall.page(page, pages)}</span>
      <IconButton icon="right" label={text.wall.next} disabled={page === pages} onClick={() => onPage(page + 1)} />
    </div>
  );
}

export function LoadFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { title, detail } = problem(error);
  return (
    <ErrorState title={title} detail={detail} action={<Button onClick={onRetry}>{text.actions.tryAgain}</Button>} />
  );
}
