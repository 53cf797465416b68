import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { exportReportUrl, exportZipUrl } from "../../api/client";
import type { Camera, Export, ExportState } from "../../api/gen";
import { putExport, useClient, useZone } from "../../api/queries";
import { Badge, type Tone } from "../../design/Badge";
import { Button, buttonClass } from "../../design/Button";
import { Icon } from "../../design/Icon";
import { Card } from "../../design/Page";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { bytes, dateAndTime, span } from "../../text/format";
import { parseMoment } from "../../text/time";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { cameraNames } from "../cameras/names";
import { ShareDialog } from "../shares/ShareDialog";
import { ExportFiles } from "./ExportFiles";
import { ExportProgress } from "./ExportProgress";
import styles from "./Exports.module.css";

const t = text.exports;
const tones: Readonly<Record<ExportState, Tone>> = {
  waiting: "neutral",
  running: "accent",
  done: "good",
  failed: "bad",
  cancelled: "neutral",
};

/** One export. */
export function ExportCard({ made, cameras }: { made: Export; cameras: readonly Camera[] }) {
  const zone = useZone();
  const names = cameraNames(
    made.items.map(({ camera }) => camera),
    cameras,
  );
  const when = (moment: string) => dateAndTime(parseMoment(moment) ?? 0, zone);
  return (
    <Card
      as="article"
      title={made.name === "" ? names : made.name}
      actions={<Badge tone={tones[made.state]}>{t.states[made.state]}</Badge>}
    >
      <div className={styles.about}>
        {made.name !== "" && <p>{names}</p>}
        <p>{rangeText(made, zone)}</p>
        <p className={styles.muted}>
          {[
            t.madeBy(made.by, when(made.made_at)),
            made.case && made.case.number !== "" ? t.case(made.case.number) : "",
            made.hold === null ? "" : t.hold,
            made.drive === null ? "" : t.onDrive(made.drive),
            made.state === "done" ? t.expires(when(made.expires_at)) : "",
          ]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      {made.state === "failed" && <Notice tone="bad" title={made.title} detail={made.remedy} />}
      <ExportProgress made={made} />
      <Actions made={made} />
      {made.files.length > 0 && <ExportFiles made={made} cameras={cameras} zone={zone} />}
    </Card>
  );
}

/** From the first beginning to the last end. */
function rangeText(made: Export, zone: string): string {
  const from = made.items.map((item) => item.from).sort()[0] ?? "";
  const to =
    made.items
      .map((item) => item.to)
      .sort()
      .at(-1) ?? "";
  return span(parseMoment(from) ?? 0, parseMoment(to) ?? 0, zone);
}

function Actions({ made }: { made: Export }) {
  const client = useClient();
  const cache = useQueryClient();
  const toast = useToast();
  const [open, setOpen] = useState<"share" | "remove" | null>(null);
  const working = made.state === "running" || made.state === "waiting";
  return (
    <div className={styles.actions}>
      {made.state === "done" && (
        <>
          <a className={buttonClass("primary")} href={exportZipUrl(made.id)} download>
            <Icon name="download" />
            {t.downloadZip}
            {made.zip_bytes !== null && ` (${bytes(made.zip_bytes)})`}
          </a>
          <a className={buttonClass()} href={exportReportUrl(made.id)} target="_blank" rel="noopener">
            <Icon name="print" />
            {t.report}
          </a>
          <Button icon="share" onClick={() => setOpen("share")}>
            {t.share}
          </Button>
        </>
      )}
      <Button tone={working ? "plain" : "quiet"} icon={working ? "close" : "trash"} onClick={() => setOpen("remove")}>
        {working ? t.cancel : t.remove}
      </Button>
      {open === "share" && <ShareDialog made={made} onClose={() => setOpen(null)} />}
      {open === "remove" && (
        <ConfirmDialog
          title={t.removeTitle}
          password={false}
          action={t.remove}
          icon="trash"
          onConfirm={() => client.removeExport(made.id)}
          onDone={() => {
            putExport(cache, { id: made.id, removed: true });
            toast({ title: working ? t.cancelled : t.removed });
          }}
          onClose={() => setOpen(null)}
        >
          <p>{t.removeLost}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
