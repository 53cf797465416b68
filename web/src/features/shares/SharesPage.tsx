import { useQueryClient } from "@tanstack/react-query";

import { useExports, useShares } from "../../api/archive_queries";
import type { Export, Share } from "../../api/gen";
import { keys, useCameras, useClient, useZone } from "../../api/queries";
import { Badge } from "../../design/Badge";
import { Button, buttonClass } from "../../design/Button";
import { Card } from "../../design/Page";
import { EmptyState } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { dateAndTime } from "../../text/format";
import { parseMoment } from "../../text/time";
import { useTold } from "../asking/useAction";
import { cameraNames } from "../cameras/names";
import { useNow } from "../camera/useNow";
import { Link } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import { SystemPart } from "../system/SystemPart";
import { deviceOf } from "../system/userAgent";
import styles from "./Shares.module.css";

const t = text.shares;

/** Every link that was given away: whether it still opens, and who opened it. */
export function SharesPage() {
  const query = useShares();
  const exports = useExports().data ?? [];
  return (
    <SystemPart view="shares" title={t.title} intro={t.intro} query={query}>
      {(shares) => (
        <>
          {shares.length === 0 && (
            <EmptyState
              icon="share"
              title={t.empty}
              detail={t.emptyDetail}
              action={
                <Link className={buttonClass("primary")} href={hrefOf({ view: "exports" })}>
                  {t.toExports}
                </Link>
              }
            />
          )}
          <ul className={styles.list}>
            {shares.map((share) => (
              <li key={share.id}>
                <ShareCard share={share} made={exports.find(({ id }) => id === share.export)} />
              </li>
            ))}
          </ul>
        </>
      )}
    </SystemPart>
  );
}

function ShareCard({ share, made }: { share: Share; made: Export | undefined }) {
  const client = useClient();
  const cache = useQueryClient();
  const toast = useToast();
  const told = useTold();
  const zone = useZone();
  const cameras = useCameras().data ?? [];
  const { nowUs } = useNow();
  const when = (moment: string) => dateAndTime(parseMoment(moment) ?? 0, zone);
  const expired = (parseMoment(share.expires_at) ?? 0) <= nowUs;
  const state = share.revoked_at !== null ? "revoked" : expired ? "expired" : "open";
  const name = made
    ? made.name ||
      cameraNames(
        made.items.map(({ camera }) => camera),
        cameras,
      )
    : t.gone;
  const revoke = async () => {
    if (!(await told(client.revokeShare(share.id)))) return;
    toast({ title: t.revoked });
    void cache.invalidateQueries({ queryKey: keys.shares });
  };
  return (
    <Card
      as="article"
      title={share.note === "" ? t.of(name) : share.note}
      actions={<Badge tone={state === "open" ? "good" : "neutral"}>{t.states[state]}</Badge>}
    >
      <div className={styles.about}>
        {share.note !== "" && <p>{t.of(name)}</p>}
        <p className={styles.muted}>
          {[t.made(when(share.made_at)), t.expires(when(share.expires_at)), share.password ? t.password : ""]
            .filter(Boolean)
            .join(" · ")}
        </p>
      </div>
      {share.openings.length === 0 ? (
        <p>{t.openings(0)}</p>
      ) : (
        <details className={styles.details} open={share.openings.length <= 3}>
          <summary>{t.openings(share.openings.length)}</summary>
          <ul className={styles.openings}>
            {share.openings.map((opening) => (
              <li key={opening.at + opening.address} title={opening.agent}>
                {t.openedAt(when(opening.at), opening.address)}{" "}
                <span className={styles.muted}>{deviceOf(opening.agent)}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {state === "open" && (
        <div className={styles.actions}>
          <Button icon="close" aria-label={t.revokeLabel(name)} onClick={() => void revoke()}>
            {t.revoke}
          </Button>
        </div>
      )}
    </Card>
  );
}
