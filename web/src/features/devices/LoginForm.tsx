import { useState } from "react";

import type { Trial } from "../../api/gen";
import { useClient } from "../../api/queries";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { useAction } from "../asking/useAction";

const t = text.devices.trial;

type LoginFormProps = { trial: Trial; onTrial: (trial: Trial) => void };

/** The camera wants to know who asks. After two refusals a third try takes an explicit word, for cameras lock out. */
export function LoginForm({ trial, onTrial }: LoginFormProps) {
  const client = useClient();
  const { busy, problem, run } = useAction();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const again = trial.tries_left <= 0;
  const log = async () => {
    const answer = await run(client.trialLogin(trial.id, { user: user.trim(), password, ...(again && { again }) }));
    if (!answer.ok) return;
    setPassword("");
    onTrial(answer.value);
  };
  return (
    <form
      className="form"
      onSubmit={(e) => {
        e.preventDefault();
        void log();
      }}
    >
      {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
      <Field
        label={text.source.user}
        value={user}
        required
        autoFocus
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={128}
        onChange={(e) => setUser(e.target.value)}
      />
      <Field
        label={text.source.password}
        type="password"
        value={password}
        autoComplete="new-password"
        maxLength={128}
        onChange={(e) => setPassword(e.target.value)}
      />
      {again && <Notice tone="warn" title={t.noTries} />}
      {trial.tries_left === 1 && <p>{t.triesLeft(1)}</p>}
      <div className="form-actions">
        <Button type="submit" tone={again ? "danger" : "primary"} busy={busy} disabled={user.trim() === ""}>
          {again ? t.tryAgain : t.login}
        </Button>
      </div>
    </form>
  );
}
