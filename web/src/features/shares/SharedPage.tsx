import { useEffect, useState } from "react";

import { sharedFileUrl, sharedZipUrl } from "../../api/client";
import type { ExportFile, Problem, Shared } from "../../api/gen";
import { useClient } from "../../api/queries";
import { Badge } from "../../design/Badge";
import { Button, buttonClass } from "../../design/Button";
import { Field } from "../../design/Field";
import { Icon, Mark } from "../../design/Icon";
import { Card } from "../../design/Page";
import { ErrorState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { bytes, dateAndTime, span, zoneName } from "../../text/format";
import { parseMoment } from "../../text/time";
import styles from "./Shared.module.css";

const t = text.shares.page;
type State =
  | { kind: "opening" }
  | { kind: "asks"; problem: Problem | null }
  | { kind: "closed"; problem: Problem }
  | { kind: "open"; shared: Shared };

/** What a link leads to, for whoever has it; the secret stands behind the #, which browsers never send. */
export function SharedPage() {
  const [secret] = useState(() => decodeURIComponent(location.hash.slice(1)));
  useEffect(() => {
    document.title = text.titles.shared;
  }, []);
  return (
    <div className={styles.page}>
      <header className={styles.brand}>
        <Mark size={36} />
        <span className={styles.product}>{text.product}</span>
      </header>
      <main className={styles.main}>
        {secret === "" ? (
          <ErrorState level={1} title={t.noSecret} detail={t.noSecretDetail} />
        ) : (
          <Opening secret={secret} />
        )}
      </main>
    </div>
  );
}

function Opening({ secret }: { secret: string }) {
  const client = useClient();
  const [state, setState] = useState<State>({ kind: "opening" });
  const [busy, setBusy] = useState(false);
  const [password, setPassword] = useState("");

  useEffect(() => {
    let left = false;
    void client.openShared({ secret }).then((answer) => {
      if (left) return;
      if (answer.ok) setState({ kind: "open", shared: answer.value });
      else if (answer.problem.field === "password") setState({ kind: "asks", problem: null });
      else setState({ kind: "closed", problem: answer.problem });
    });
    return () => {
      left = true;
    };
  }, [client, secret]);

  const open = async () => {
    setBusy(true);
    const answer = await client.openShared({ secret, password });
    setBusy(false);
    if (answer.ok) setState({ kind: "open", shared: answer.value });
    else if (answer.problem.status === 404) setState({ kind: "closed", problem: answer.problem });
    else setState({ kind: "asks", problem: answer.problem });
  };
  switch (state.kind) {
    case "opening":
      return <Skeleton label={t.loading} />;
    case "closed":
      return <ErrorState level={1} title={state.problem.title} detail={state.problem.detail} />;
    case "open":
      return <Files shared={state.shared} />;
    case "asks":
      return (
        <form
          className={styles.form}
          onSubmit={(e) => {
            e.preventDefault();
            void open();
          }}
        >
          <h1>{t.title}</h1>
          <p className={styles.muted}>{t.passwordIntro}</p>
          <Field
            label={t.password}
            type="password"
            value={password}
            autoComplete="off"
            autoFocus
            required
            maxLength={256}
            error={state.problem?.title}
            onChange={(e) => setPassword(e.target.value)}
          />
          <Button type="submit" tone="primary" busy={busy}>
            {t.open}
          </Button>
        </form>
      );
  }
}

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function Files({ shared }: { shared: Shared }) {
  const when = (moment: string) => dateAndTime(parseMoment(moment) ?? 0, zone);
  return (
    <>
      <header className={styles.head}>
        <h1>{shared.name === "" ? t.title : shared.name}</h1>
        <p className={styles.muted}>
          {t.until(when(shared.expires_at))}{" "}
          {text.exports.dialog.times(zoneName(zone, parseMoment(shared.expires_at) ?? 0))}
        </p>
        <a className={buttonClass("primary")} href={sharedZipUrl} download>
          <Icon name="download" />
          {shared.zip_bytes === null ? t.allUnknown : t.all(bytes(shared.zip_bytes))}
        </a>
      </header>
      {shared.files.map((file) => (
        <SharedFile
          key={file.number}
          file={file}
          range={span(parseMoment(file.from) ?? 0, parseMoment(file.to) ?? 0, zone)}
        />
      ))}
      <p className={styles.muted}>
        {t.signed} <a href="/verify.html">{t.verify}</a>
      </p>
    </>
  );
}

function SharedFile({ file, range }: { file: ExportFile; range: string }) {
  return (
    <Card as="article" title={file.name} actions={file.derived && <Badge tone="warn">{text.exports.derived}</Badge>}>
      <video
        className={styles.video}
        src={sharedFileUrl(file.number)}
        controls
        preload="metadata"
        aria-label={t.play(file.name)}
      />
      <div className={styles.fileFoot}>
        <p className={styles.muted}>
          {range} · {bytes(file.bytes)}
        </p>
        <a className={buttonClass()} href={sharedFileUrl(file.number)} download={file.name}>
          <Icon name="download" />
          {t.download}
        </a>
      </div>
      <p className={styles.hash}>
        {text.exports.sha256} <code>{file.sha256}</code>
      </p>
    </Card>
  );
}
