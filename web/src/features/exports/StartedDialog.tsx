import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

import { useExports } from "../../api/archive_queries";
import { exportReportUrl, exportZipUrl } from "../../api/client";
import type { Export } from "../../api/gen";
import { putExport, useZone } from "../../api/queries";
import { Button, buttonClass } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Icon } from "../../design/Icon";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { bytes, dateAndTime } from "../../text/format";
import { parseMoment } from "../../text/time";
import { navigate } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import { ExportProgress } from "./ExportProgress";

const t = text.exports.started;

/** An export just begun: how far it is, and its files when it is done. */
export function StartedDialog({ first, onClose }: { first: Export; onClose: () => void }) {
  const cache = useQueryClient();
  const now = useExports().data?.find(({ id }) => id === first.id) ?? first;
  useEffect(() => putExport(cache, first), [cache, first]);
  const zone = useZone();
  const expiresUs = parseMoment(now.expires_at) ?? 0;
  const done = now.state === "done";
  const failed = now.state === "failed" || now.state === "cancelled";
  return (
    <Dialog
      title={done ? t.readyTitle : failed ? t.failedTitle : t.title}
      closeLabel={text.actions.close}
      onClose={onClose}
      footer={
        <>
          <Button
            onClick={() => {
              onClose();
              navigate(hrefOf({ view: "exports" }));
            }}
          >
            {t.open}
          </Button>
          {done && now.case && (
            <a className={buttonClass()} href={exportReportUrl(now.id)} target="_blank" rel="noopener">
              <Icon name="print" />
              {text.exports.report}
            </a>
          )}
          {done && (
            <a className={buttonClass("primary")} href={exportZipUrl(now.id)} download>
              <Icon name="download" />
              {text.exports.downloadZip}
            </a>
          )}
        </>
      }
    >
      {failed && <Notice tone="bad" title={now.title} detail={now.remedy} />}
      <ExportProgress made={now} />
      {!done && !failed && <p>{t.goesOn}</p>}
      {done && <p>{t.ready(bytes(now.zip_bytes ?? now.bytes), now.files.length, dateAndTime(expiresUs, zone))}</p>}
      {now.hold !== null && !failed && <p>{t.secured}</p>}
    </Dialog>
  );
}
