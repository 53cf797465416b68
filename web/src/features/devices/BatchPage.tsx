import { useQuery, useQueryClient } from "@tanstack/react-query";

import type { Batch, BatchResult, BatchState, SettingResult } from "../../api/gen";
import { keys, problem, useClient } from "../../api/queries";
import { valueOf } from "../../api/result";
import { Badge, type Tone } from "../../design/Badge";
import { buttonClass, Button } from "../../design/Button";
import type { IconName } from "../../design/Icon";
import { Page } from "../../design/Page";
import { EmptyState, ErrorState, Notice, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { useAction } from "../asking/useAction";
import { Link } from "../shell/navigation";
import { cameraHref, hrefOf } from "../shell/routes";
import styles from "./Devices.module.css";
import { csvOfReport } from "./rows";
import { saveFile } from "./saveFile";

const t = text.devices.batch;
const RUNNING_MS = 1000;

/** How each of many cameras went. */
export function BatchPage({ id }: { id: string }) {
  const client = useClient();
  const query = useQuery({
    queryKey: keys.batch(id),
    queryFn: async ({ signal }) => valueOf(await client.batch(id, signal)),
    refetchInterval: (query) => (query.state.data?.state === "running" ? RUNNING_MS : false),
  });
  if (query.data) return <Report batch={query.data} />;
  if (query.isPending) return <Skeleton label={text.shell.loading} lines={4} />;
  const { title, detail, status } = problem(query.error);
  if (status !== 404) {
    const retry = <Button onClick={() => void query.refetch()}>{text.actions.tryAgain}</Button>;
    return <ErrorState level={1} title={title} detail={detail} action={retry} />;
  }
  return <EmptyState level={1} icon="list" title={t.unknown} detail={t.unknownDetail} action={<ToDevices />} />;
}

function ToDevices() {
  return (
    <Link className={buttonClass("primary")} href={hrefOf({ view: "devices" })}>
      {t.toDevices}
    </Link>
  );
}

function Report({ batch }: { batch: Batch }) {
  const client = useClient();
  const cache = useQueryClient();
  const asking = useAction();
  const running = batch.state === "running";
  const stop = async () => {
    const answer = await asking.run(client.stopBatch(batch.id));
    if (answer.ok) cache.setQueryData<Batch>(keys.batch(batch.id), answer.value);
  };
  const good = batch.items.filter(({ state }) => state === "done" || state === "already").length;
  const bad = batch.items.filter(({ state }) => state === "failed").length;
  return (
    <Page
      title={t.titles[batch.kind]}
      actions={
        running ? (
          <Button onClick={() => void stop()} busy={asking.busy}>
            {t.stop}
          </Button>
        ) : (
          <>
            {batch.kind === "add" && bad > 0 && (
              <Link className={buttonClass()} href={hrefOf({ view: "add-many", found: [], again: batch.id })}>
                {t.again(bad)}
              </Link>
            )}
            <Button icon="download" onClick={() => saveFile(t.fileName, csvOfReport(batch.items))}>
              {t.save}
            </Button>
            <ToDevices />
          </>
        )
      }
    >
      {asking.problem && <Notice tone="bad" title={asking.problem.title} detail={asking.problem.detail} />}
      <div className={styles.searching} role="status">
        <p>
          {running ? t.progress(batch.done, batch.total) : batch.state === "stopped" ? t.stopped : t.finished}
          {!running && ` ${t.counts(good, bad)}`}
        </p>
        {running && <progress aria-label={t.progress(batch.done, batch.total)} max={batch.total} value={batch.done} />}
      </div>
      <ul className={styles.results}>
        {batch.items.map((item, i) => (
          <ResultRow key={i} item={item} />
        ))}
      </ul>
    </Page>
  );
}

const looks: Readonly<Record<BatchState, { tone: Tone; icon: IconName }>> = {
  waiting: { tone: "neutral", icon: "wait" },
  running: { tone: "accent", icon: "wait" },
  done: { tone: "good", icon: "check" },
  already: { tone: "neutral", icon: "check" },
  failed: { tone: "bad", icon: "warning" },
  stopped: { tone: "neutral", icon: "off" },
};

function ResultRow({ item }: { item: BatchResult }) {
  const told = item.results.filter(({ ok, title }) => !ok || title !== "");
  return (
    <li className={styles.result}>
      <span className={styles.who}>
        {item.camera === null ? (
          <strong>{item.name}</strong>
        ) : (
          <Link href={cameraHref(item.camera)} aria-label={t.open(item.name)}>
            {item.name}
          </Link>
        )}
        <span className={styles.detail}>{item.address}</span>
      </span>
      <Badge {...looks[item.state]}>{t.states[item.state]}</Badge>
      <span className={styles.resultText}>
        {item.title !== "" && <span>{item.title}</span>}
        {item.remedy !== "" && <span className={styles.detail}>{item.remedy}</span>}
        {told.map((result) => (
          <span key={`${result.part} ${result.field}`} data-ok={result.ok}>
            {settingWords(result)}
          </span>
        ))}
      </span>
    </li>
  );
}

function settingWords({ field, title, wanted, became }: SettingResult): string {
  return `${field}: ${title !== "" ? title : t.changed(valueWords(wanted), valueWords(became))}`;
}

/** Areas have no short words. */
const valueWords = (value: SettingResult["wanted"]) => (typeof value === "object" ? "…" : String(value));
