import { type ReactNode, useState } from "react";

import type { Result } from "../../api/result";
import { Field } from "../../design/Field";
import type { IconName } from "../../design/Icon";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { FormDialog } from "./FormDialog";
import { sameText } from "./sameText";
import { useAction } from "./useAction";

type ConfirmDialogProps = {
  title: string;
  /** What will be lost, and what stays. */
  children: ReactNode;
  /** A text to type, where a click would be too easy. */
  typed?: string | undefined;
  /** Whether what is done takes the person's password. */
  password?: boolean;
  action: string;
  icon?: IconName;
  tone?: "danger" | "primary";
  ready?: boolean;
  onConfirm: (password: string) => Promise<Result<unknown>>;
  onDone: () => void;
  onClose: () => void;
};

/** Before something that can't be undone: says what it costs, and makes sure who asks, and for what. */
export function ConfirmDialog({ typed, password = true, ready = true, tone = "danger", ...props }: ConfirmDialogProps) {
  const { busy, problem, run } = useAction();
  const [words, setWords] = useState("");
  const [secret, setSecret] = useState("");
  const confirmed = ready && (typed === undefined || sameText(words, typed)) && (!password || secret !== "");
  const refused = problem?.field === "password";

  const confirm = async () => {
    if (!(await run(props.onConfirm(secret))).ok) return;
    props.onDone();
    props.onClose();
  };
  return (
    <FormDialog
      title={props.title}
      action={props.action}
      icon={props.icon}
      tone={tone}
      busy={busy}
      ready={confirmed}
      onSubmit={confirm}
      onClose={props.onClose}
    >
      {problem && !refused && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
      {props.children}
      {typed !== undefined && (
        <Field
          label={text.asking.typeText(typed)}
          value={words}
          autoComplete="off"
          spellCheck={false}
          onChange={(e) => setWords(e.target.value)}
        />
      )}
      {password && (
        <Field
          label={text.asking.password}
          type="password"
          value={secret}
          autoComplete="current-password"
          maxLength={256}
          error={refused ? problem.title : undefined}
          onChange={(e) => setSecret(e.target.value)}
        />
      )}
    </FormDialog>
  );
}
