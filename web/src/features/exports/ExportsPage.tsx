import { useState } from "react";

import { useExports } from "../../api/archive_queries";
import { useCameras } from "../../api/queries";
import { Button } from "../../design/Button";
import { EmptyState } from "../../design/States";
import { text } from "../../text/en";
import { MINUTE_US } from "../../text/time";
import { useNow } from "../camera/useNow";
import { SystemPart } from "../system/SystemPart";
import { ExportCard } from "./ExportCard";
import { ExportDialog } from "./ExportDialog";
import styles from "./Exports.module.css";

const t = text.exports;

/** Every export: how far it is, its files, who may have them. */
export function ExportsPage() {
  const query = useExports();
  const cameras = useCameras().data ?? [];
  const { now } = useNow();
  const [making, setMaking] = useState<number | null>(null);
  const make = (
    <Button tone="primary" icon="plus" onClick={() => setMaking(now())}>
      {t.make}
    </Button>
  );
  return (
    <SystemPart view="exports" title={t.title} intro={t.intro} query={query} actions={query.data?.length !== 0 && make}>
      {(exports) => (
        <>
          {exports.length === 0 && <EmptyState icon="download" title={t.empty} detail={t.emptyDetail} action={make} />}
          <ul className={styles.list}>
            {exports.map((made) => (
              <li key={made.id}>
                <ExportCard made={made} cameras={cameras} />
              </li>
            ))}
          </ul>
          {making !== null && (
            <ExportDialog
              cameras={cameras.slice(0, 1).map(({ id }) => id)}
              range={{ fromUs: making - 6 * MINUTE_US, toUs: making - MINUTE_US }}
              onClose={() => setMaking(null)}
            />
          )}
        </>
      )}
    </SystemPart>
  );
}
