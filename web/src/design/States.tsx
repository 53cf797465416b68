import type { ReactNode } from "react";

import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import styles from "./States.module.css";

type StateProps = { title: string; detail?: ReactNode; action?: ReactNode };
/** 1 where the state is all that a screen shows. */
type Level = { level?: 1 | 2 };

/** There is nothing here yet, why, and what to do about it. */
export function EmptyState({ icon, title, detail, action, level = 2 }: StateProps & Level & { icon: IconName }) {
  return (
    <div className={styles.state}>
      <span className={styles.medallion}>
        <Icon name={icon} size={28} />
      </span>
      <Heading level={level}>{title}</Heading>
      {detail !== undefined && <p className={styles.detail}>{detail}</p>}
      {action}
    </div>
  );
}

/** It failed, why, and the remedy. */
export function ErrorState({ title, detail, action, level = 2 }: StateProps & Level) {
  return (
    <div className={styles.state} role="alert">
      <span className={cx(styles.medallion, styles.bad)}>
        <Icon name="warning" size={28} />
      </span>
      <Heading level={level}>{title}</Heading>
      {detail !== undefined && detail !== "" && <p className={styles.detail}>{detail}</p>}
      {action}
    </div>
  );
}

/** The shape of what is being loaded; read aloud as *label*. */
export function Skeleton({
  label,
  lines = 3,
  shape = "lines",
}: {
  label: string;
  lines?: number;
  shape?: "lines" | "block";
}) {
  return (
    <div className={shape === "block" ? styles.fill : styles.lines} role="status">
      <span className="visually-hidden">{label}</span>
      {Array.from({ length: shape === "block" ? 1 : lines }, (_, i) => (
        <div key={i} className={shape === "block" ? styles.block : styles.line} />
      ))}
    </div>
  );
}

/** A strip that tells of something wrong while the rest goes on working. */
export function Notice({ tone, title, detail, action }: StateProps & { tone: "warn" | "bad" | "neutral" }) {
  return (
    <div className={cx(styles.notice, styles[tone])} role={tone === "neutral" ? "status" : "alert"}>
      <Icon name={tone === "neutral" ? "info" : "warning"} />
      <div className={styles.noticeText}>
        <strong>{title}</strong>
        {detail !== undefined && detail !== "" && <span>{detail}</span>}
      </div>
      {action}
    </div>
  );
}

function Heading({ level, children }: Required<Level> & { children: ReactNode }) {
  return level === 1 ? <h1 className={styles.title}>{children}</h1> : <h2 className={styles.title}>{children}</h2>;
}
