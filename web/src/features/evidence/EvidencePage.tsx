import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";

import { useEvidence } from "../../api/archive_queries";
import { certificateUrl } from "../../api/client";
import type { Evidence, TimeStamping } from "../../api/gen";
import { keys, useClient, useZone } from "../../api/queries";
import { Badge } from "../../design/Badge";
import { Button, buttonClass } from "../../design/Button";
import { Field } from "../../design/Field";
import { Icon } from "../../design/Icon";
import { Card, Facts } from "../../design/Page";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { calendarDate, dateAndTime } from "../../text/format";
import { parseMoment } from "../../text/time";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { useAction } from "../asking/useAction";
import { Link } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import { SystemPart } from "../system/SystemPart";
import styles from "./Evidence.module.css";
import { Fingerprint } from "./Fingerprint";
import type { Kept } from "./kept";
import { useKept } from "./witness";

const t = text.evidence;

/** What makes this recorder's footage provable. */
export function EvidencePage() {
  const query = useEvidence();
  const zone = useZone();
  return (
    <SystemPart
      view="evidence"
      title={t.title}
      intro={t.intro}
      query={query}
      actions={
        <Link className={buttonClass()} href={hrefOf({ view: "sheet" })}>
          <Icon name="print" />
          {t.sheet}
        </Link>
      }
    >
      {(evidence) => (
        <div className={styles.cards}>
          <RootCard evidence={evidence} zone={zone} />
          <WitnessCard evidence={evidence} zone={zone} />
          <KeyCard evidence={evidence} zone={zone} />
          <TimeStampCard key={evidence.tsa.url} tsa={evidence.tsa} />
        </div>
      )}
    </SystemPart>
  );
}

const moment = (value: string, zone: string) => dateAndTime(parseMoment(value) ?? 0, zone);
const day = (value: string, zone: string) => calendarDate(parseMoment(value) ?? 0, zone);

function RootCard({ evidence, zone }: { evidence: Evidence; zone: string }) {
  return (
    <Card title={t.root}>
      <p className={styles.muted}>{t.rootIntro}</p>
      <div>
        <p className={styles.muted}>{t.fingerprint}</p>
        <Fingerprint value={evidence.root.fingerprint} />
      </div>
      <Facts items={[{ name: t.validUntil, value: day(evidence.root.not_after, zone) }]} />
      <div className={styles.buttons}>
        <Download what="root">{t.downloadRoot}</Download>
        <Download what="chain">{t.downloadChain}</Download>
      </div>
    </Card>
  );
}

function Download({ what, children }: { what: "root" | "chain"; children: ReactNode }) {
  return (
    <a className={buttonClass(what === "root" ? "primary" : "plain")} href={certificateUrl(what)} download>
      <Icon name="download" />
      {children}
    </a>
  );
}

function WitnessCard({ evidence, zone }: { evidence: Evidence; zone: string }) {
  const kept = useKept();
  const { newest_head: head, witnessed } = evidence;
  return (
    <Card title={t.witnesses}>
      <p className={styles.muted}>{t.witnessesIntro}</p>
      <Facts
        items={[
          { name: t.newestHead, value: head === null ? t.noHead : moment(head.at, zone) },
          ...(head?.segments_to == null ? [] : [{ name: t.covers, value: moment(head.segments_to, zone) }]),
          {
            name: t.lastWitness,
            value: witnessed === null ? t.never : t.witnessedBy(moment(witnessed.at, zone), witnessName(witnessed.by)),
            tone: witnessed === null ? ("warn" as const) : undefined,
          },
          { name: t.browser, value: kept.heads.length === 0 ? t.browserNone : t.browserKeeps(kept.heads.length) },
        ]}
      />
      {kept.heads.length > 0 && (
        <div className={styles.buttons}>
          <Button icon="download" onClick={() => saveKept(kept, evidence.recorder)}>
            {t.saveKept}
          </Button>
        </div>
      )}
    </Card>
  );
}

const witnessName = (by: string) => (by in t.by ? t.by[by as keyof typeof t.by] : by);

function saveKept(kept: Kept, recorder: string): void {
  const lines = JSON.stringify({ recorder, ...kept }, null, 2);
  const url = URL.createObjectURL(new Blob([lines], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `tawny-witness-${recorder}.json`;
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

function KeyCard({ evidence, zone }: { evidence: Evidence; zone: string }) {
  const client = useClient();
  const cache = useQueryClient();
  const toast = useToast();
  const [rotating, setRotating] = useState(false);
  const earlier = evidence.keys.filter(({ until }) => until !== null);
  const rotate = async (password: string) => {
    const answer = await client.rotateKey(password);
    if (answer.ok) cache.setQueryData<Evidence>(keys.evidence, answer.value);
    return answer;
  };
  return (
    <Card title={t.key} actions={<Button onClick={() => setRotating(true)}>{t.rotate}</Button>}>
      <Facts
        items={[
          { name: t.keyId, value: <code>{evidence.key.id}</code> },
          { name: t.since, value: moment(evidence.key.since, zone) },
          { name: t.keptIn, value: t.places[evidence.key.kept_in] },
        ]}
      />
      {evidence.key.title !== "" && <p className={styles.muted}>{evidence.key.title}</p>}
      {earlier.length > 0 && (
        <details className={styles.details}>
          <summary>
            {t.earlier} ({earlier.length})
          </summary>
          <ul className={styles.keys}>
            {earlier.map((key) => (
              <li key={key.id}>
                <code>{key.id}</code>{" "}
                <span className={styles.muted}>{t.earlierKey(day(key.since, zone), day(key.until ?? "", zone))}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {rotating && (
        <ConfirmDialog
          title={t.rotateTitle}
          tone="primary"
          action={t.rotateAction}
          onConfirm={rotate}
          onDone={() => toast({ title: t.rotated })}
          onClose={() => setRotating(false)}
        >
          <p>{t.rotateLost}</p>
          <p>{t.rotateStays}</p>
        </ConfirmDialog>
      )}
    </Card>
  );
}

const tsaTones = { off: "neutral", ok: "good", failing: "bad" } as const;

function TimeStampCard({ tsa }: { tsa: TimeStamping }) {
  const client = useClient();
  const cache = useQueryClient();
  const toast = useToast();
  const { busy, problem, run } = useAction();
  const [url, setUrl] = useState(tsa.url);
  const save = async () => {
    const answer = await run(client.changeEvidence({ tsa_url: url.trim() }));
    if (!answer.ok) return;
    cache.setQueryData<Evidence>(keys.evidence, answer.value);
    toast({ title: t.saved });
  };
  return (
    <Card title={t.tsa} actions={<Badge tone={tsaTones[tsa.state]}>{t.tsaStates[tsa.state]}</Badge>}>
      <p className={styles.muted}>{t.tsaIntro}</p>
      {tsa.state === "failing" && <Notice tone="warn" title={tsa.title} />}
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        <Field
          label={t.tsaUrl}
          hint={t.tsaHint}
          error={problem?.title}
          type="url"
          inputMode="url"
          placeholder={t.tsaExample}
          value={url}
          maxLength={2048}
          onChange={(e) => setUrl(e.target.value)}
        />
        <div className="form-actions">
          <Button type="submit" busy={busy} disabled={url.trim() === tsa.url}>
            {text.actions.save}
          </Button>
        </div>
      </form>
    </Card>
  );
}
