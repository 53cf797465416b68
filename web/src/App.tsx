import { lazy, Suspense } from "react";

import { EmptyState, Skeleton } from "./design/States";
import { buttonClass } from "./design/Button";
import { CameraPage } from "./features/camera/CameraPage";
import { AddCameraPage } from "./features/devices/AddCameraPage";
import { DevicesPage } from "./features/devices/DevicesPage";
import { Gate } from "./features/session/Gate";
import { MediaProvider } from "./features/shell/media";
import { Link, useRoute } from "./features/shell/navigation";
import { type Route, wallHref } from "./features/shell/routes";
import { Shell } from "./features/shell/Shell";
import { SystemPage } from "./features/system/SystemPage";
import { WallPage } from "./features/wall/WallPage";
import { text } from "./text/en";

/** For those who build screens: nobody else has to load it. */
const DesignPage = lazy(async () => ({ default: (await import("./design/page/DesignPage")).DesignPage }));

/** From the address to the screen, for whoever may see it. */
export function App() {
  const route = useRoute();
  return (
    <Gate>
      <MediaProvider>
        <Shell route={route}>
          <Screen route={route} />
        </Shell>
      </MediaProvider>
    </Gate>
  );
}

function Screen({ route }: { route: Route }) {
  switch (route.view) {
    case "wall":
      return <WallPage grid={route.grid} page={route.page} />;
    case "camera":
      return <CameraPage id={route.id} atUs={route.atUs} />;
    case "devices":
      return <DevicesPage />;
    case "add-camera":
      return <AddCameraPage />;
    case "system":
      return <SystemPage />;
    case "design":
      return (
        <Suspense fallback={<Skeleton label={text.shell.loading} />}>
          <DesignPage />
        </Suspense>
      );
    case "unknown":
      return (
        <EmptyState
          level={1}
          icon="search"
          title={text.unknown.title}
          detail={text.unknown.detail}
          action={
            <Link className={buttonClass("primary")} href={wallHref}>
              {text.unknown.toWall}
            </Link>
          }
        />
      );
  }
}
