import { useEffect, useState } from "react";

import { useClient } from "../../api/queries";
import { Field } from "../../design/Field";
import { text } from "../../text/en";
import { EntryForm } from "./EntryForm";
import { useEntry } from "./useEntry";

const MIN_PASSWORD = 10;

/** The first start: whoever can read the code that the program printed becomes the owner. */
export function Setup() {
  const client = useClient();
  const { busy, problem, enter } = useEntry();
  const [form, setForm] = useState({ code: "", user: "", password: "", again: "" });
  const [checked, setChecked] = useState(false);
  useEffect(() => {
    document.title = text.titles.setup;
  }, []);

  const tooShort = form.password.length < MIN_PASSWORD;
  const different = form.password !== form.again;
  const submit = () => {
    setChecked(true);
    const { code, user, password } = form;
    if (!tooShort && !different) enter(client.setUp({ code: code.trim(), user, password }));
  };
  const bind = (member: keyof typeof form) => ({
    value: form[member],
    onChange: (e: { target: { value: string } }) => setForm({ ...form, [member]: e.target.value }),
    required: true,
  });

  return (
    <EntryForm
      title={text.setup.title}
      intro={text.setup.intro}
      action={text.setup.action}
      busy={busy}
      problem={problem}
      onSubmit={submit}
    >
      <Field
        {...bind("code")}
        label={text.setup.code}
        hint={text.setup.codeHint}
        error={problem?.field === "code" ? problem.title : undefined}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        maxLength={32}
      />
      <Field
        {...bind("user")}
        label={text.login.user}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
      />
      <Field
        {...bind("password")}
        label={text.login.password}
        hint={text.setup.passwordHint(MIN_PASSWORD)}
        error={checked && tooShort ? text.setup.tooShort(MIN_PASSWORD) : undefined}
        type="password"
        autoComplete="new-password"
        maxLength={256}
      />
      <Field
        {...bind("again")}
        label={text.setup.again}
        error={checked && different ? text.setup.different : undefined}
        type="password"
        autoComplete="new-password"
        maxLength={256}
      />
    </EntryForm>
  );
}
