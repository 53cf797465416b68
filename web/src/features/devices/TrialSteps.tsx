import type { Trial } from "../../api/gen";
import { Icon } from "../../design/Icon";
import { Card } from "../../design/Page";
import { text } from "../../text/en";
import styles from "./Devices.module.css";

const t = text.devices.trial;
const steps = ["looking", "connecting", "reading", "ready"] as const;

/** Where connecting has come to, and what is being done in the recorder's words. */
export function TrialSteps({ trial, name }: { trial: Trial; name: string }) {
  const at = steps.findIndex((step) => step === trial.step);
  return (
    <Card title={t.title(name)}>
      <div role="status" className={styles.doing}>
        <span className={styles.spinner} aria-hidden="true" />
        <strong>{trial.title}</strong>
        {trial.remedy !== "" && <span className={styles.detail}>{trial.remedy}</span>}
      </div>
      <ol className={styles.steps} aria-label={t.stepsLabel}>
        {steps.map((step, i) => (
          <li key={step} data-state={i < at ? "done" : i === at ? "now" : "next"} aria-current={i === at && "step"}>
            {i < at ? <Icon name="check" size={16} /> : <span className={styles.number}>{i + 1}</span>}
            {t.steps[step]}
            {i < at && <span className="visually-hidden">{t.done}</span>}
          </li>
        ))}
      </ol>
    </Card>
  );
}
