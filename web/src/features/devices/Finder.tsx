import { useState } from "react";

import type { Discovery, FoundDevice } from "../../api/gen";
import { buttonClass, Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Card } from "../../design/Page";
import { EmptyState, Notice, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { Link } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import styles from "./Devices.module.css";
import { FoundRow } from "./FoundRow";
import { isNew, MANY_FOUND, sorted, sought } from "./found";
import { useDiscovery } from "./useDiscovery";

const t = text.devices.discovery;

type FinderProps = {
  /** A connection is being opened. */
  busy: boolean;
  /** Whether several can be chosen. */
  many: boolean;
  onConnect: (device: FoundDevice) => void;
};

/** The cameras in the network, as they answer. */
export function Finder({ busy, many, onConnect }: FinderProps) {
  const { discovery, problem, busy: asking, search, stop } = useDiscovery();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [words, setWords] = useState("");
  const all = sorted(discovery?.items ?? []);
  const searchable = all.length > MANY_FOUND;
  const items = searchable ? sought(all, words) : all;
  const able = items.filter(isNew);
  // What was chosen stays chosen while something else is looked for.
  const picked = all.filter(isNew).filter(({ id }) => chosen.has(id));
  const choose = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  const searching = discovery?.state === "searching";
  return (
    <Card
      title={t.title}
      actions={
        searching ? (
          <Button onClick={() => void stop()} busy={asking}>
            {t.stop}
          </Button>
        ) : (
          <Button icon="search" onClick={() => void search()} busy={asking}>
            {t.rescan}
          </Button>
        )
      }
    >
      {problem && <Notice tone="bad" title={t.failed} detail={`${problem.title} ${problem.detail ?? ""}`.trim()} />}
      {!discovery && !problem && <Skeleton label={text.shell.loading} lines={3} />}
      {discovery && <Progress discovery={discovery} />}
      {discovery && all.length === 0 && (
        <EmptyState
          icon={searching ? "wait" : "search"}
          title={searching ? t.empty : t.emptyDone}
          detail={searching ? t.emptyDetail : t.emptyDoneDetail}
        />
      )}
      {searchable && (
        <Field
          label={t.find}
          type="search"
          value={words}
          hint={t.shown(items.length, all.length)}
          autoComplete="off"
          maxLength={100}
          onChange={(e) => setWords(e.target.value)}
        />
      )}
      {items.length > 0 && (
        <ul className={styles.found}>
          {items.map((device) => (
            <FoundRow
              key={device.id}
              device={device}
              busy={busy}
              chosen={many && isNew(device) ? chosen.has(device.id) : null}
              onChoose={(on) => choose(device.id, on)}
              onConnect={() => onConnect(device)}
            />
          ))}
        </ul>
      )}
      {many && (able.length > 1 || picked.length > 0) && (
        <Several able={able} picked={picked} onAll={(ids) => setChosen(new Set([...chosen, ...ids]))} />
      )}
    </Card>
  );
}

type SeveralProps = { able: FoundDevice[]; picked: FoundDevice[]; onAll: (ids: string[]) => void };

function Several({ able, picked, onAll }: SeveralProps) {
  return (
    <div className={styles.buttons}>
      <Button
        tone="quiet"
        onClick={() => onAll(able.map(({ id }) => id))}
        disabled={able.every((device) => picked.includes(device))}
      >
        {t.selectNew}
      </Button>
      {picked.length > 0 && (
        <Link className={buttonClass("primary")} href={hrefOf({ view: "add-many", found: picked.map(({ id }) => id) })}>
          {t.addSelected(picked.length)}
        </Link>
      )}
    </div>
  );
}

function Progress({ discovery }: { discovery: Discovery }) {
  const { state, progress, title, remedy, networks } = discovery;
  return (
    <>
      <div className={styles.searching} role="status">
        {title !== "" && <p>{title}</p>}
        {title === "" && state === "searching" && <p>{t.searching}</p>}
        {state === "searching" && <progress aria-label={t.progress} max={1} value={progress} />}
      </div>
      {remedy !== "" && <Notice tone="neutral" title={remedy} />}
      {networks.length > 0 && (
        <details className={styles.more}>
          <summary>{t.networks}</summary>
          <ul className={styles.networks}>
            {networks.map((network) => (
              <li key={`${network.interface} ${network.network}`}>
                <strong>
                  {network.interface} {network.network}
                </strong>{" "}
                {network.title}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
