import { useState } from "react";

import { useClient } from "../../api/queries";
import type { Camera, SettingAction } from "../../api/gen";
import { Button } from "../../design/Button";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { useTold } from "../asking/useAction";
import styles from "./Settings.module.css";

type PartActionsProps = { camera: Camera; actions: readonly SettingAction[]; busy: boolean; onActed: () => void };

/** What the camera can be told to do; what has consequences is asked for twice. */
export function PartActions({ camera, actions, busy, onActed }: PartActionsProps) {
  const client = useClient();
  const toast = useToast();
  const told = useTold();
  const [asking, setAsking] = useState<SettingAction | null>(null);
  const [doing, setDoing] = useState<string | null>(null);
  if (actions.length === 0) return null;

  const act = async (action: SettingAction) => {
    const answer = await client.actOnCamera(camera.id, action.id);
    if (answer.ok) {
      toast({ title: answer.value.title });
      onActed();
    }
    return answer;
  };
  const press = async (action: SettingAction) => {
    if (action.confirm !== null) {
      setAsking(action);
      return;
    }
    setDoing(action.id);
    await told(act(action));
    setDoing(null);
  };
  return (
    <div className={styles.buttons}>
      {actions.map((action) => (
        <Button key={action.id} disabled={busy} busy={doing === action.id} onClick={() => void press(action)}>
          {action.title}
        </Button>
      ))}
      {asking && (
        <ConfirmDialog
          title={asking.title}
          action={text.settings.do}
          password={false}
          onConfirm={() => act(asking)}
          onDone={() => undefined}
          onClose={() => setAsking(null)}
        >
          <p>{asking.confirm}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}
