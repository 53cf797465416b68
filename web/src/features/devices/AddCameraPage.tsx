import { useState } from "react";

import type { Problem, Trial } from "../../api/gen";
import { useClient } from "../../api/queries";
import { buttonClass, Button } from "../../design/Button";
import { Page } from "../../design/Page";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { emptySource, trialOf, withLoginApart } from "../cameras/source";
import { SourceFields } from "../cameras/SourceFields";
import { Link } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import styles from "./Devices.module.css";
import { TrialStep } from "./TrialStep";

const devices = hrefOf({ view: "devices" });

/** Add a camera: where it is, then how it looks, and only then is it kept. */
export function AddCameraPage() {
  const client = useClient();
  const [source, setSource] = useState(emptySource);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [trial, setTrial] = useState<Trial | null>(null);

  const connect = async () => {
    setSource(withLoginApart(source));
    setBusy(true);
    setProblem(null);
    const answer = await client.openTrial(trialOf(source));
    setBusy(false);
    if (answer.ok) setTrial(answer.value);
    else setProblem(answer.problem);
  };

  return (
    <Page title={text.devices.add}>
      {trial ? (
        <TrialStep opened={trial} onBack={() => setTrial(null)} />
      ) : (
        <form
          className={styles.form}
          onSubmit={(e) => {
            e.preventDefault();
            void connect();
          }}
        >
          <p>{text.devices.addIntro}</p>
          {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
          <SourceFields source={source} onChange={setSource} problem={problem} />
          <div className={styles.buttons}>
            <Link className={buttonClass()} href={devices}>
              {text.actions.cancel}
            </Link>
            <Button type="submit" tone="primary" busy={busy}>
              {text.devices.connect}
            </Button>
          </div>
        </form>
      )}
    </Page>
  );
}
