import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";

import { keys, useClient } from "../../api/queries";
import { valueOf } from "../../api/result";
import { buttonClass, Button } from "../../design/Button";
import { Card, Page } from "../../design/Page";
import { Notice, Skeleton } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { useAction } from "../asking/useAction";
import { Link, navigate } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import styles from "./Devices.module.css";
import { LoginRows } from "./LoginRows";
import {
  csvOfRows,
  emptyRow,
  itemOf,
  type LoginRow,
  MOST_ROWS,
  numbered,
  type Row,
  rowOfFound,
  rowOfResult,
  rowsOfCsv,
  wrongWith,
} from "./rows";
import { RowsGrid } from "./RowsGrid";
import { saveFile } from "./saveFile";

const t = text.devices.many;

type ManyPageProps = {
  /** Devices of the search. */
  found: readonly string[];
  /** A report whose failures are tried again. */
  again: string | undefined;
};

/** Many cameras in one go: those that were chosen from what was found, typed, or read from a file. */
export function ManyPage({ found, again }: ManyPageProps) {
  const client = useClient();
  const devices = useQuery({
    queryKey: keys.discovery,
    enabled: found.length > 0,
    queryFn: async ({ signal }) => valueOf(await client.discovery(signal)),
  });
  const batch = useQuery({
    queryKey: keys.batch(again ?? ""),
    enabled: again !== undefined,
    queryFn: async ({ signal }) => valueOf(await client.batch(again ?? "", signal)),
  });
  const chosen = devices.data?.items.filter(({ id }) => found.includes(id)).map(rowOfFound) ?? [];
  const failed = batch.data?.items.filter(({ state }) => state === "failed").map(rowOfResult) ?? [];
  const first = [...chosen, ...failed];
  return (
    <Page title={t.title}>
      {devices.isLoading || batch.isLoading ? (
        <Skeleton label={text.shell.loading} lines={4} />
      ) : (
        <ManyForm first={first.length > 0 ? first : [emptyRow(), emptyRow(), emptyRow()]} />
      )}
    </Page>
  );
}

function ManyForm({ first }: { first: Row[] }) {
  const client = useClient();
  const { busy, problem, run } = useAction();
  const [rows, setRows] = useState(first);
  const [logins, setLogins] = useState<LoginRow[]>([{ user: "", password: "" }]);
  const [tried, setTried] = useState(false);
  // Lines that nobody touched are no cameras.
  const meant = rows.filter(({ address, name }) => address.trim() !== "" || name.trim() !== "");
  const wrong = meant.length === 0 ? "incomplete" : wrongWith(meant);
  const add = async () => {
    setTried(true);
    if (wrong !== null) return;
    const answer = await run(
      client.addMany({ items: meant.map(itemOf), logins: logins.filter(({ user }) => user.trim() !== "") }),
    );
    if (answer.ok) navigate(hrefOf({ view: "batch", id: answer.value.id }), { replace: true });
  };
  return (
    <form
      className="form"
      onSubmit={(e) => {
        e.preventDefault();
        void add();
      }}
    >
      <p className={styles.intro}>{t.intro}</p>
      {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
      <Card title={t.cameras} actions={<Files rows={meant} onRead={setRows} />}>
        <RowsGrid rows={rows} onChange={setRows} />
        <div className={styles.gridTools}>
          <Button icon="plus" disabled={rows.length >= MOST_ROWS} onClick={() => setRows([...rows, emptyRow()])}>
            {t.addRow}
          </Button>
          <Numbering onNumber={(prefix) => setRows(numbered(rows, prefix))} />
        </div>
      </Card>
      <Card title={t.logins}>
        <p className={styles.detail}>{t.loginsHint}</p>
        <LoginRows logins={logins} onChange={setLogins} />
      </Card>
      {tried && wrong !== null && <Notice tone="bad" title={wrong === "tooMany" ? t.tooMany(MOST_ROWS) : t[wrong]} />}
      <div className={styles.buttons}>
        <Link className={buttonClass("quiet")} href={hrefOf({ view: "devices" })}>
          {text.actions.cancel}
        </Link>
        <Button type="submit" tone="primary" icon="plus" busy={busy} disabled={meant.length === 0}>
          {t.action(meant.length)}
        </Button>
      </div>
    </form>
  );
}

function Numbering({ onNumber }: { onNumber: (prefix: string) => void }) {
  const [prefix, setPrefix] = useState("");
  return (
    <span className={styles.numbering}>
      <input
        className={styles.cellInput}
        aria-label={t.prefix}
        placeholder={t.prefix}
        value={prefix}
        maxLength={56}
        onChange={(e) => setPrefix(e.target.value)}
      />
      <Button disabled={prefix.trim() === ""} onClick={() => onNumber(prefix)}>
        {t.numbered}
      </Button>
    </span>
  );
}

function Files({ rows, onRead }: { rows: readonly Row[]; onRead: (rows: Row[]) => void }) {
  const toast = useToast();
  const input = useRef<HTMLInputElement>(null);
  const read = async (file: File) => {
    const found = rowsOfCsv(await file.text());
    if (found === null || found.rows.length === 0) {
      toast({ title: t.notImported, detail: t.notImportedDetail, tone: "bad" });
      return;
    }
    onRead(found.rows.slice(0, MOST_ROWS));
    const cut = found.rows.length > MOST_ROWS;
    toast({
      title: cut ? t.tooMany(MOST_ROWS) : t.imported(found.rows.length, found.skipped),
      tone: cut ? "bad" : "good",
    });
  };
  return (
    <span className={styles.files}>
      <input
        ref={input}
        type="file"
        accept=".csv,.txt,text/csv"
        hidden
        onChange={(e) => {
          const [file] = e.target.files ?? [];
          e.target.value = ""; // so that the same file can be read again once it was mended
          if (file) void read(file);
        }}
      />
      <Button icon="list" onClick={() => input.current?.click()}>
        {t.importFile}
      </Button>
      <Button
        icon="download"
        title={t.exportHint}
        disabled={rows.length === 0}
        onClick={() => saveFile(text.devices.listName, csvOfRows(rows))}
      >
        {t.exportFile}
      </Button>
    </span>
  );
}
