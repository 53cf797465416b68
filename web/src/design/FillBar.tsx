import styles from "./FillBar.module.css";

export type Part = { label: string; share: number; kind: "recorded" | "held" | "other" };

type FillBarProps = { label: string; text: string; parts: readonly Part[] };

/** What fills a limited thing, part by part; the rest is free. The legend says in words what the colours show. */
export function FillBar({ label, text, parts }: FillBarProps) {
  return (
    <div className={styles.fill}>
      <div className={styles.text}>
        <ul className={styles.legend}>
          {parts.map((part) => (
            <li key={part.label} className={styles.item}>
              <span className={styles.mark} data-kind={part.kind} aria-hidden="true" />
              {part.label}
            </li>
          ))}
        </ul>
        <span className={styles.free}>{text}</span>
      </div>
      <div className={styles.bar} role="img" aria-label={`${label}: ${text}`}>
        {parts.map((part) => (
          <span
            key={part.label}
            className={styles.part}
            data-kind={part.kind}
            style={{ width: `${Math.max(0, Math.min(1, part.share)) * 100}%` }}
          />
        ))}
      </div>
    </div>
  );
}
