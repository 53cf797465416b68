import { useState } from "react";

import type { Trial } from "../../api/gen";
import { useClient } from "../../api/queries";
import { Button } from "../../design/Button";
import { Field } from "../../design/Field";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { useAction } from "../asking/useAction";

const t = text.devices.trial;

type NewLoginFormProps = {
  trial: Trial;
  fix: "set_password" | "create_user";
  onTrial: (trial: Trial) => void;
};

/** The first password of a camera that has none, or a user for ONVIF on one that wants its own. */
export function NewLoginForm({ trial, fix, onTrial }: NewLoginFormProps) {
  const client = useClient();
  const { busy, problem, run } = useAction();
  const [user, setUser] = useState(fix === "set_password" ? "admin" : "tawny");
  const [password, setPassword] = useState("");
  const [second, setSecond] = useState("");
  const different = second !== "" && second !== password;
  const set = async () => {
    const answer = await run(client.fixTrial(trial.id, { fix, user: user.trim(), password }));
    if (answer.ok) onTrial(answer.value);
  };
  return (
    <form
      className="form"
      onSubmit={(e) => {
        e.preventDefault();
        void set();
      }}
    >
      {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
      <Field
        label={fix === "create_user" ? t.newUser : text.source.user}
        value={user}
        required
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={128}
        onChange={(e) => setUser(e.target.value)}
      />
      <Field
        label={t.newPassword}
        type="password"
        value={password}
        required
        autoComplete="new-password"
        maxLength={128}
        onChange={(e) => setPassword(e.target.value)}
      />
      <Field
        label={t.newPasswordAgain}
        type="password"
        value={second}
        required
        autoComplete="new-password"
        maxLength={128}
        error={different ? t.different : undefined}
        onChange={(e) => setSecond(e.target.value)}
      />
      <p>{t.leaves}</p>
      <div className="form-actions">
        <Button type="submit" tone="primary" busy={busy} disabled={password === "" || second !== password}>
          {fix === "create_user" ? t.createUser : t.setPassword}
        </Button>
      </div>
    </form>
  );
}
