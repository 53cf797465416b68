import { useState } from "react";

import type { OpenTrial, Problem, Transport } from "../../api/gen";
import { buttonClass, Button } from "../../design/Button";
import { Field, Select } from "../../design/Field";
import { Card } from "../../design/Page";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { emptySource, type Source, trialOf, withLoginApart } from "../cameras/source";
import { Link } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import styles from "./Devices.module.css";

const t = text.devices.byAddress;
const transports = (["automatic", "udp", "http"] as const).map((value) => ({ value, label: t.transports[value] }));

type AddressFormProps = {
  busy: boolean;
  problem: Problem | null;
  /** Whether the way to many at once is shown. */
  many: boolean;
  onConnect: (wanted: OpenTrial) => void;
};

/** For a camera that was not found: its address as typed, or pasted from its QR code. */
export function AddressForm({ busy, problem, many, onConnect }: AddressFormProps) {
  const [source, setSource] = useState<Source>(emptySource);
  const [transport, setTransport] = useState<Transport>("automatic");
  const wrong = problem?.field;
  const unplaced = problem && !["address", "url", "sub_url", "user", "password"].includes(wrong ?? "");
  const bind = (member: keyof Source, ...fields: string[]) => ({
    value: source[member],
    error: wrong != null && fields.includes(wrong) ? problem?.title : undefined,
    spellCheck: false,
    autoCapitalize: "none",
    onChange: (e: { target: { value: string } }) => setSource({ ...source, [member]: e.target.value }),
  });
  return (
    <Card title={t.title}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          setSource(withLoginApart(source));
          onConnect({ ...trialOf(source), ...(transport !== "automatic" && { transport }) });
        }}
      >
        {unplaced && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
        <Field
          {...bind("url", "address", "url")}
          label={t.address}
          hint={t.hint}
          placeholder={t.example}
          autoComplete="off"
          required
          maxLength={2048}
          onBlur={() => setSource(withLoginApart(source))}
        />
        <Field {...bind("user", "user")} label={text.source.user} autoComplete="off" maxLength={128} />
        <Field
          {...bind("password", "password")}
          label={text.source.password}
          hint={t.loginHint}
          type="password"
          autoComplete="new-password"
          maxLength={128}
        />
        <details className={styles.more}>
          <summary>{t.more}</summary>
          <div className="form">
            <Field
              {...bind("subUrl", "sub_url")}
              label={text.source.subUrl}
              hint={text.source.subUrlHint}
              autoComplete="off"
              maxLength={2048}
            />
            <Select label={t.transport} value={transport} options={transports} onChange={setTransport} />
          </div>
        </details>
        <div className={styles.buttons}>
          {many && (
            <Link className={buttonClass("quiet")} href={hrefOf({ view: "add-many", found: [] })}>
              {t.many}
            </Link>
          )}
          <Button type="submit" tone="primary" busy={busy}>
            {t.connect}
          </Button>
        </div>
      </form>
    </Card>
  );
}
