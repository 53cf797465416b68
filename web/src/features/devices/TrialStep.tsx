import { useEffect, useState } from "react";

import type { Problem, Trial } from "../../api/gen";
import { useCameraCache, useClient } from "../../api/queries";
import { buttonClass, Button } from "../../design/Button";
import { Field, Switch } from "../../design/Field";
import { Card } from "../../design/Page";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { CameraBadge } from "../cameras/CameraBadge";
import { StreamFacts } from "../camera/CameraPanel";
import { MAX_NAME } from "../camera/RenameDialog";
import { PlayerOverlay } from "../playing/PlayerOverlay";
import { usePlayer } from "../playing/usePlayer";
import { Link, navigate } from "../shell/navigation";
import { cameraHref, hrefOf } from "../shell/routes";
import styles from "./Devices.module.css";
import { useTrial } from "./useTrial";

/** The camera's picture and streams before it is kept. */
export function TrialStep({ opened, onBack }: { opened: Trial; onBack: () => void }) {
  const { trial, lost, keep } = useTrial(opened);
  const { attach, player, state } = usePlayer();
  useEffect(() => player?.live(opened.id, { main: true, sound: false }), [player, opened.id]);
  const { main, sub } = trial.streams;

  return (
    <div className={styles.columns}>
      <div className={styles.side}>
        {lost && <Notice tone="bad" title={text.devices.trialLost} detail={text.devices.trialLostDetail} />}
        <div className={styles.stage}>
          <div className={styles.picture} ref={attach} />
          <PlayerOverlay player={state} camera={trial.state} />
        </div>
        <Card title={text.devices.found} actions={<CameraBadge camera={trial} />}>
          {!main && !sub && <p>{text.camera.noStreams}</p>}
          {main && <StreamFacts name={text.streams.main} stream={main} />}
          {sub && <StreamFacts name={text.streams.sub} stream={sub} />}
        </Card>
      </div>
      <KeepForm trial={trial} onKept={keep} onBack={onBack} />
    </div>
  );
}

type KeepFormProps = { trial: Trial; onKept: () => void; onBack: () => void };

function KeepForm({ trial, onKept, onBack }: KeepFormProps) {
  const client = useClient();
  const cache = useCameraCache();
  const toast = useToast();
  const [name, setName] = useState("");
  const [sound, setSound] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const shown = trial.state.phase === "online";
  const hasSound = Boolean(trial.streams.main?.audio ?? trial.streams.sub?.audio);

  const add = async () => {
    setBusy(true);
    setProblem(null);
    const answer = await client.addCamera({ trial: trial.id, name: name.trim(), sound: sound && hasSound });
    setBusy(false);
    if (!answer.ok) {
      setProblem(answer.problem);
      return;
    }
    onKept();
    cache.put(answer.value);
    toast({ title: text.devices.added(answer.value.name) });
    navigate(cameraHref(answer.value.id), { replace: true });
  };

  return (
    <Card title={text.devices.keep}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void add();
        }}
      >
        {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
        <Field
          label={text.camera.name}
          hint={text.devices.nameHint}
          value={name}
          required
          autoFocus
          autoComplete="off"
          maxLength={MAX_NAME}
          onChange={(e) => setName(e.target.value)}
        />
        <Switch
          label={text.camera.sound}
          hint={shown && !hasSound ? text.devices.noSound : text.camera.soundHint}
          checked={sound && hasSound}
          disabled={!hasSound}
          onChange={setSound}
        />
        {!shown && <p>{text.devices.waitForPicture}</p>}
        <div className={styles.buttons}>
          <Link className={buttonClass("quiet")} href={hrefOf({ view: "devices" })}>
            {text.actions.cancel}
          </Link>
          <Button icon="left" onClick={onBack}>
            {text.actions.back}
          </Button>
          <Button type="submit" tone="primary" icon="plus" busy={busy} disabled={!shown || name.trim() === ""}>
            {text.devices.addIt}
          </Button>
        </div>
      </form>
    </Card>
  );
}
