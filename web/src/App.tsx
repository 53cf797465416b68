import { lazy, type ReactNode, Suspense } from "react";

import { EmptyState, Skeleton } from "./design/States";
import { buttonClass } from "./design/Button";
import { CameraPage } from "./features/camera/CameraPage";
import { Gate } from "./features/session/Gate";
import { MediaProvider } from "./features/shell/media";
import { Link, useRoute } from "./features/shell/navigation";
import { type Route, wallHref } from "./features/shell/routes";
import { Shell } from "./features/shell/Shell";
import { WallPage } from "./features/wall/WallPage";
import { text } from "./text/en";

/** For those who build screens: nobody else has to load it. */
const DesignPage = lazy(async () => ({ default: (await import("./design/page/DesignPage")).DesignPage }));

/** What is not looked at every day comes when it is asked for. */
const DevicesPage = lazy(async () => ({ default: (await import("./features/devices/DevicesPage")).DevicesPage }));
const AddCameraPage = lazy(async () => ({ default: (await import("./features/devices/AddCameraPage")).AddCameraPage }));
const SystemPage = lazy(async () => ({ default: (await import("./features/system/SystemPage")).SystemPage }));
const ManyPage = lazy(async () => ({ default: (await import("./features/devices/ManyPage")).ManyPage }));
const BatchPage = lazy(async () => ({ default: (await import("./features/devices/BatchPage")).BatchPage }));
const RemovedCameraPage = lazy(async () => ({
  default: (await import("./features/devices/RemovedCameraPage")).RemovedCameraPage,
}));
const StoragePage = lazy(async () => ({ default: (await import("./features/storage/StoragePage")).StoragePage }));
const HoldsPage = lazy(async () => ({ default: (await import("./features/holds/HoldsPage")).HoldsPage }));
const ExportsPage = lazy(async () => ({ default: (await import("./features/exports/ExportsPage")).ExportsPage }));
const SharesPage = lazy(async () => ({ default: (await import("./features/shares/SharesPage")).SharesPage }));
const EvidencePage = lazy(async () => ({ default: (await import("./features/evidence/EvidencePage")).EvidencePage }));
const SheetPage = lazy(async () => ({ default: (await import("./features/evidence/SheetPage")).SheetPage }));
const TimelinePage = lazy(async () => ({ default: (await import("./features/timeline/TimelinePage")).TimelinePage }));
const EventsPage = lazy(async () => ({ default: (await import("./features/events/EventsPage")).EventsPage }));
const VerifyPage = lazy(async () => ({ default: (await import("./features/verify/VerifyPage")).VerifyPage }));
const SharedPage = lazy(async () => ({ default: (await import("./features/shares/SharedPage")).SharedPage }));

/** From the address to the screen, for whoever may see it. */
export function App() {
  const route = useRoute();
  // For people without an account here.
  if (route.view === "shared")
    return (
      <Late>
        <SharedPage />
      </Late>
    );
  return (
    <Gate>
      <MediaProvider>
        <Shell route={route}>
          <Late>
            <Screen route={route} />
          </Late>
        </Shell>
      </MediaProvider>
    </Gate>
  );
}

function Late({ children }: { children: ReactNode }) {
  return <Suspense fallback={<Skeleton label={text.shell.loading} />}>{children}</Suspense>;
}

function Screen({ route }: { route: Exclude<Route, { view: "shared" }> }) {
  switch (route.view) {
    case "wall":
      return <WallPage grid={route.grid} page={route.page} />;
    case "camera":
      return <CameraPage id={route.id} atUs={route.atUs} part={route.part} />;
    case "timeline":
      return <TimelinePage route={route} />;
    case "events":
      return <EventsPage route={route} />;
    case "devices":
      return <DevicesPage />;
    case "add-camera":
      return <AddCameraPage key={route.swap} swap={route.swap} />;
    case "add-many":
      return <ManyPage found={route.found} again={route.again} />;
    case "batch":
      return <BatchPage id={route.id} />;
    case "removed-camera":
      return <RemovedCameraPage id={route.id} atUs={route.atUs} />;
    case "system":
      return <SystemPage />;
    case "storage":
      return <StoragePage />;
    case "holds":
      return <HoldsPage />;
    case "exports":
      return <ExportsPage />;
    case "shares":
      return <SharesPage />;
    case "evidence":
      return <EvidencePage />;
    case "sheet":
      return <SheetPage />;
    case "verify":
      return <VerifyPage />;
    case "design":
      return <DesignPage />;
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
