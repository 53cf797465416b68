import type { Problem } from "../../api/gen";
import { Field } from "../../design/Field";
import { text } from "../../text/en";
import { type Source, withLoginApart } from "./source";

type SourceFieldsProps = {
  source: Source;
  onChange: (source: Source) => void;
  problem: Problem | null;
  /** The password is kept when left empty. */
  keepsPassword?: boolean;
};

const memberOf: Readonly<Record<string, string>> = {
  url: "url",
  sub_url: "subUrl",
  user: "user",
  password: "password",
};

/** Addresses and login of a camera. */
export function SourceFields({ source, onChange, problem, keepsPassword = false }: SourceFieldsProps) {
  const wrong = problem?.field ? memberOf[problem.field] : undefined;
  const bind = (member: keyof Source) => ({
    value: source[member],
    error: wrong === member ? problem?.title : undefined,
    spellCheck: false,
    autoCapitalize: "none",
    onChange: (e: { target: { value: string } }) => onChange({ ...source, [member]: e.target.value }),
  });
  return (
    <>
      <Field
        {...bind("url")}
        label={text.source.url}
        hint={text.source.urlHint}
        inputMode="url"
        autoComplete="off"
        placeholder={text.source.urlExample}
        required
        maxLength={2048}
        onBlur={() => onChange(withLoginApart(source))}
      />
      <Field
        {...bind("subUrl")}
        label={text.source.subUrl}
        hint={text.source.subUrlHint}
        inputMode="url"
        autoComplete="off"
        maxLength={2048}
      />
      <Field {...bind("user")} label={text.source.user} autoComplete="off" maxLength={128} />
      <Field
        {...bind("password")}
        label={text.source.password}
        hint={keepsPassword ? text.source.passwordKept : undefined}
        type="password"
        autoComplete="new-password"
        maxLength={128}
      />
    </>
  );
}
