import type { ReactNode } from "react";

import type { Problem } from "../../api/gen";
import { Button } from "../../design/Button";
import { Mark } from "../../design/Icon";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import styles from "./Session.module.css";

type EntryFormProps = {
  title: string;
  intro: string;
  action: string;
  busy: boolean;
  problem: Problem | null;
  onSubmit: () => void;
  children: ReactNode;
};

/** The frame of the screens before the app: sign in, and the first start. */
export function EntryForm({ title, intro, action, busy, problem, onSubmit, children }: EntryFormProps) {
  return (
    <main className={styles.screen}>
      <form
        className={styles.form}
        onSubmit={(e) => {
          e.preventDefault();
          onSubmit();
        }}
      >
        <div className={styles.brand}>
          <Mark size={44} />
          <span className={styles.product}>{text.product}</span>
        </div>
        <h1>{title}</h1>
        <p className={styles.intro}>{intro}</p>
        {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
        {children}
        <Button type="submit" tone="primary" busy={busy}>
          {action}
        </Button>
      </form>
    </main>
  );
}
