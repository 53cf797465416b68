import { type ReactNode, useId } from "react";

import { cx } from "./cx";
import styles from "./Page.module.css";

/** Title and actions of a screen, then its content. */
export function Page({ title, actions, children }: { title: string; actions?: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.page}>
      <header className={styles.header}>
        <h1>{title}</h1>
        {actions !== undefined && <div className={styles.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

type CardProps = {
  title: string;
  actions?: ReactNode;
  /** One of many alike: an article; a part of the screen that is worth finding by itself is a section. */
  as?: "section" | "article";
  children: ReactNode;
};

/** A titled group on a screen. */
export function Card({ title, actions, as: Group = "section", children }: CardProps) {
  const id = useId();
  return (
    <Group className={styles.card} aria-labelledby={id}>
      <header className={styles.cardHeader}>
        <h2 id={id}>{title}</h2>
        {actions}
      </header>
      {children}
    </Group>
  );
}

/** Facts: a name and a value each. */
export function Facts({
  items,
}: {
  items: readonly { name: string; value: ReactNode; tone?: "warn" | "bad" | undefined }[];
}) {
  return (
    <dl className={styles.facts}>
      {items.map((item) => (
        <div key={item.name} className={styles.fact}>
          <dt>{item.name}</dt>
          <dd className={cx(item.tone && styles[item.tone])}>{item.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** How much of a limited thing is used. */
export function Meter({ label, value, text }: { label: string; value: number; text: string }) {
  return (
    <div className={styles.meter}>
      <div className={styles.meterText}>
        <span>{label}</span>
        <span>{text}</span>
      </div>
      <progress className={styles.meterBar} aria-label={label} max={1} value={Math.max(0, Math.min(1, value))}>
        {text}
      </progress>
    </div>
  );
}
