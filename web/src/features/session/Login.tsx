import { useEffect, useState } from "react";

import { useClient } from "../../api/queries";
import { Field } from "../../design/Field";
import { text } from "../../text/en";
import { EntryForm } from "./EntryForm";
import { useEntry } from "./useEntry";

export function Login() {
  const client = useClient();
  const { busy, problem, enter } = useEntry();
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  useEffect(() => {
    document.title = text.titles.login;
  }, []);
  return (
    <EntryForm
      title={text.login.title}
      intro={text.login.intro}
      action={text.login.action}
      busy={busy}
      problem={problem}
      onSubmit={() => enter(client.signIn({ user, password }))}
    >
      <Field
        label={text.login.user}
        value={user}
        onChange={(e) => setUser(e.target.value)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        maxLength={64}
      />
      <Field
        label={text.login.password}
        type="password"
        value={password}
        onChange={(e) => setPassword(e.target.value)}
        autoComplete="current-password"
        required
        maxLength={256}
      />
    </EntryForm>
  );
}
