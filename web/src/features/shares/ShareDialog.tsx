import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { Export, MadeShare } from "../../api/gen";
import { keys, useClient } from "../../api/queries";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field, Select } from "../../design/Field";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { formatMoment, HOUR_US, parseMoment } from "../../text/time";
import { useAction } from "../asking/useAction";
import { useNow } from "../camera/useNow";
import { lifetimes, type Lifetime } from "./lifetimes";
import styles from "./Shares.module.css";

const t = text.shares.dialog;

/** A link to an export for somebody without an account here. */
export function ShareDialog({ made, onClose }: { made: Export; onClose: () => void }) {
  const [share, setShare] = useState<MadeShare | null>(null);
  return (
    <Dialog title={share ? t.made : t.title} closeLabel={text.actions.close} onClose={onClose}>
      {share ? <Made url={share.url} onClose={onClose} /> : <Form made={made} onMade={setShare} onClose={onClose} />}
    </Dialog>
  );
}

type FormProps = { made: Export; onMade: (share: MadeShare) => void; onClose: () => void };

function Form({ made, onMade, onClose }: FormProps) {
  const client = useClient();
  const cache = useQueryClient();
  const { now } = useNow();
  const { busy, problem, run } = useAction();
  const endsUs = parseMoment(made.expires_at);
  const [options] = useState(() => lifetimes(now(), endsUs));
  const [lifetime, setLifetime] = useState<Lifetime>(options.at(-1)?.value ?? "1");
  const [password, setPassword] = useState("");
  const [note, setNote] = useState("");

  const make = async () => {
    const expires_at = formatMoment(Math.min(now() + Number(lifetime) * HOUR_US, endsUs ?? Infinity));
    const answer = await run(
      client.makeShare(made.id, { expires_at, note: note.trim(), ...(password !== "" && { password }) }),
    );
    if (!answer.ok) return;
    void cache.invalidateQueries({ queryKey: keys.shares });
    onMade(answer.value);
  };
  const refused = problem?.field === "password";
  return (
    <form
      className="form"
      onSubmit={(e) => {
        e.preventDefault();
        void make();
      }}
    >
      {problem && !refused && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
      <p>{t.intro}</p>
      <Select label={t.expires} value={lifetime} options={options} onChange={setLifetime} />
      <Field
        label={t.password}
        hint={t.passwordHint}
        type="password"
        value={password}
        autoComplete="new-password"
        minLength={6}
        maxLength={256}
        error={refused ? problem.title : undefined}
        onChange={(e) => setPassword(e.target.value)}
      />
      <Field label={t.note} value={note} maxLength={200} onChange={(e) => setNote(e.target.value)} />
      <div className="form-actions">
        <Button onClick={onClose}>{text.actions.cancel}</Button>
        <Button type="submit" tone="primary" icon="link" busy={busy}>
          {t.action}
        </Button>
      </div>
    </form>
  );
}

function Made({ url, onClose }: { url: string; onClose: () => void }) {
  const toast = useToast();
  const copy = () => navigator.clipboard.writeText(url).then(() => toast({ title: t.copied }));
  return (
    <>
      <Notice tone="warn" title={t.once} />
      <Field label={t.link} value={url} readOnly onFocus={(e) => e.target.select()} />
      <p className={styles.muted}>{t.http}</p>
      <div className="form-actions">
        {/* Without HTTPS browsers have no clipboard for pages; the link is selected to be copied by hand. */}
        {window.isSecureContext && (
          <Button icon="link" onClick={() => void copy()}>
            {t.copy}
          </Button>
        )}
        <Button tone="primary" onClick={onClose}>
          {text.actions.close}
        </Button>
      </div>
    </>
  );
}
