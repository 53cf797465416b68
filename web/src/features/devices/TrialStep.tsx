import { type ReactNode, useCallback, useEffect } from "react";

import type { Camera, Trial } from "../../api/gen";
import { Button } from "../../design/Button";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { PlayerOverlay } from "../playing/PlayerOverlay";
import { usePlayer } from "../playing/usePlayer";
import styles from "./Devices.module.css";
import { KeepForm } from "./KeepForm";
import { ReportCard } from "./ReportCard";
import { SwapForm } from "./SwapForm";
import { TrialSteps } from "./TrialSteps";
import { TroubleList } from "./TroubleList";
import { useTrial } from "./useTrial";

const t = text.devices.trial;

type TrialStepProps = {
  opened: Trial;
  /** What the person chose: a device's name, or an address. */
  name: string;
  /** The camera whose place it shall take. */
  replaced: Camera | undefined;
  cancel: ReactNode;
  onBack: () => void;
  onAgain: () => void;
  /** It is being tried again. */
  busy: boolean;
};

/** What becomes of connecting: step by step, then the camera's picture, what it is, and what is wrong with it. */
export function TrialStep({ opened, name, replaced, cancel, onBack, onAgain, busy }: TrialStepProps) {
  const { trial, lost, keep, put } = useTrial(opened);
  const ready = trial.step === "ready";
  const failed = trial.step === "failed";
  const back = (
    <>
      {cancel}
      <Button icon="left" onClick={onBack}>
        {text.actions.back}
      </Button>
    </>
  );
  // What a person can mend here is mended here; all else is mended elsewhere and then tried anew.
  const mendable = trial.problems.some(({ fix }) => fix !== null);
  // The button that led here is gone, and the focus with it.
  const focus = useCallback((here: HTMLDivElement | null) => {
    if (here && !here.contains(document.activeElement)) here.focus();
  }, []);
  return (
    <div className={styles.trial} ref={focus} tabIndex={-1}>
      {lost && <Notice tone="bad" title={t.gone} detail={t.goneDetail} />}
      {!ready && !failed && <TrialSteps trial={trial} name={name} />}
      <div className={styles.columns}>
        <div className={styles.side}>
          {ready && <Picture trial={trial} />}
          {failed && trial.problems.length === 0 && <Notice tone="bad" title={trial.title} detail={trial.remedy} />}
          <TroubleList title={failed ? t.failed(name) : t.problems} trial={trial} onTrial={put} />
          {!ready && (
            <div className={styles.buttons}>
              {back}
              {((failed && !mendable) || lost) && (
                <Button tone="primary" busy={busy} onClick={onAgain}>
                  {text.actions.tryAgain}
                </Button>
              )}
            </div>
          )}
        </div>
        {ready && (
          <div className={styles.side}>
            {replaced ? (
              <SwapForm trial={trial} camera={replaced} onKept={keep} back={back} />
            ) : (
              <KeepForm trial={trial} onKept={keep} onTrial={put} back={back} />
            )}
            <ReportCard trial={trial} />
          </div>
        )}
      </div>
    </div>
  );
}

function Picture({ trial }: { trial: Trial }) {
  const { attach, player, state } = usePlayer();
  // Another channel has other pictures under the same id.
  useEffect(() => player?.live(trial.id, { main: true, sound: false }), [player, trial.id, trial.channel]);
  // The picture is here before the trial is read again and says so.
  const late = state.kind === "playing" && trial.state.phase === "connecting";
  return (
    <div className={styles.stage}>
      <div className={styles.picture} ref={attach} />
      <PlayerOverlay player={state} camera={late ? null : trial.state} />
    </div>
  );
}
