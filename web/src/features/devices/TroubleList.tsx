import { type ReactNode, useState } from "react";

import type { Trial, Trouble } from "../../api/gen";
import { useClient } from "../../api/queries";
import { Button } from "../../design/Button";
import { Icon } from "../../design/Icon";
import { Card } from "../../design/Page";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { useAction } from "../asking/useAction";
import styles from "./Devices.module.css";
import { LoginForm } from "./LoginForm";
import { NewLoginForm } from "./NewLoginForm";

const t = text.devices.trial;

type TroubleListProps = { trial: Trial; onTrial: (trial: Trial) => void };

/** What is to be known about the camera, with what to do about it. */
export function TroubleList({ title, trial, onTrial }: TroubleListProps & { title: string }) {
  if (trial.problems.length === 0) return trial.step === "ready" ? <p className={styles.fine}>{t.noProblems}</p> : null;
  return (
    <Card title={title}>
      <ul className={styles.troubles}>
        {trial.problems.map((trouble) => (
          <li
            key={`${trouble.id} ${trouble.channel ?? ""}`}
            className={styles.trouble}
            data-severity={trouble.severity}
          >
            <Icon name={trouble.severity === "info" ? "info" : "warning"} />
            <div className={styles.troubleText}>
              <strong>
                <span className="visually-hidden">{`${t.severities[trouble.severity]}: `}</span>
                {trouble.title}
              </strong>
              {trouble.remedy !== "" && <span>{trouble.remedy}</span>}
              {trouble.minutes !== null && <span>{t.minutes(trouble.minutes)}</span>}
              <Fix trial={trial} trouble={trouble} onTrial={onTrial} />
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

type FixProps = TroubleListProps & { trouble: Trouble };

function Fix({ trial, trouble, onTrial }: FixProps) {
  switch (trouble.fix) {
    case null:
      return null;
    case "login":
      return <LoginForm trial={trial} onTrial={onTrial} />;
    case "set_password":
    case "create_user":
      return (
        <Folded label={t.fixes[trouble.fix]} open={trouble.severity === "error"}>
          <NewLoginForm trial={trial} fix={trouble.fix} onTrial={onTrial} />
        </Folded>
      );
    case "accept_certificate":
    case "allow_basic":
    case "set_clock":
    case "h264":
    case "key_frames":
      return <FixButton trial={trial} fix={trouble.fix} onTrial={onTrial} />;
  }
}

/** A form that nobody has to fill in is shown to who wants it. */
function Folded({ label, open, children }: { label: string; open: boolean; children: ReactNode }) {
  const [wanted, setWanted] = useState(open);
  if (wanted) return children;
  return (
    <div>
      <Button onClick={() => setWanted(true)}>{label}</Button>
    </div>
  );
}

type AtOnce = "accept_certificate" | "allow_basic" | "set_clock" | "h264" | "key_frames";

function FixButton({ trial, fix, onTrial }: TroubleListProps & { fix: AtOnce }) {
  const client = useClient();
  const { busy, problem, run } = useAction();
  const fingerprint = trial.report?.certificate?.fingerprint;
  const mend = async () => {
    const shown = fix === "accept_certificate" && fingerprint !== undefined ? { fingerprint } : {};
    const answer = await run(client.fixTrial(trial.id, { fix, ...shown }));
    if (answer.ok) onTrial(answer.value);
  };
  return (
    <>
      {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
      {fix === "accept_certificate" && fingerprint !== undefined && (
        <span>
          {t.fingerprint}: <code className={styles.code}>{fingerprint}</code>
        </span>
      )}
      <div>
        <Button busy={busy} onClick={() => void mend()}>
          {t.fixes[fix]}
        </Button>
      </div>
    </>
  );
}
