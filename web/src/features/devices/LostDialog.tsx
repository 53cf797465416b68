import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import type { Lost, LostCamera } from "../../api/gen";
import { keys, useClient } from "../../api/queries";
import { valueOf } from "../../api/result";
import { Badge, type Tone } from "../../design/Badge";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import type { IconName } from "../../design/Icon";
import { Notice, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { useAction } from "../asking/useAction";
import styles from "./Devices.module.css";

const t = text.devices.lost;
const SEARCHING_MS = 1000;
const looks: Readonly<Record<LostCamera["state"], { tone: Tone; icon: IconName }>> = {
  looking: { tone: "neutral", icon: "wait" },
  found: { tone: "good", icon: "check" },
  not_found: { tone: "bad", icon: "warning" },
};

/** Looks for every camera that can't be reached, by who it is, and says how each search went. */
export function LostDialog({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const cache = useQueryClient();
  const { problem, run } = useAction();
  const begun = useRef(false);
  const { data } = useQuery({
    queryKey: keys.lost,
    enabled: false, // what it was before is no answer; the search that begins is
    queryFn: async ({ signal }) => valueOf(await client.lost(signal)),
  });
  const watch = useQuery({
    queryKey: [...keys.lost, "now"],
    enabled: data?.state === "searching",
    refetchInterval: SEARCHING_MS,
    queryFn: async ({ signal }) => {
      const lost = valueOf(await client.lost(signal));
      cache.setQueryData<Lost>(keys.lost, lost);
      return lost;
    },
  });
  useEffect(() => {
    if (begun.current) return; // React may mount an effect twice in development
    begun.current = true;
    cache.removeQueries({ queryKey: keys.lost });
    void run(client.findLost()).then((answer) => {
      if (answer.ok) cache.setQueryData<Lost>(keys.lost, answer.value);
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, on arrival
  }, []);
  const lost = data ?? watch.data;
  const missing = lost?.state === "done" && lost.items.some(({ state }) => state === "not_found");

  return (
    <Dialog
      title={t.title}
      closeLabel={text.actions.close}
      onClose={onClose}
      footer={<Button onClick={onClose}>{text.actions.close}</Button>}
    >
      {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
      {!lost && !problem && <Skeleton label={text.shell.loading} lines={2} />}
      {lost && (
        <p role="status">{lost.state === "searching" ? t.searching : lost.items.length === 0 ? t.none : t.done}</p>
      )}
      {lost && lost.items.length > 0 && (
        <ul className={styles.lost}>
          {lost.items.map((item) => (
            <li key={item.camera}>
              <span className={styles.who}>
                <strong>
                  <bdi>{item.name}</bdi>
                </strong>
                <span className={styles.detail}>
                  {[item.title, item.address, item.by === null ? "" : t.by[item.by]]
                    .filter((word) => word !== "")
                    .join(" · ")}
                </span>
              </span>
              <Badge {...looks[item.state]}>{t.states[item.state]}</Badge>
            </li>
          ))}
        </ul>
      )}
      {missing && <p>{t.remedy}</p>}
    </Dialog>
  );
}
