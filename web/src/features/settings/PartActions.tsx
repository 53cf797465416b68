import { useState } from "react";

import { useClient } from "../../api/queries";
import type { Camera, SettingAction } from "../../api/gen";
import { Button } from "../../design/Button";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { useTold } from "../asking/useAction";
import styles from "./Settings.module.css";

type PartActionsProps = {
  actions: readonly SettingAction[];
  busy: boolean;
  onAct: (action: SettingAction) => Promise<unknown>;
};

/** What the camera can be told to do. */
export function PartActions({ actions, busy, onAct }: PartActionsProps) {
  const [doing, setDoing] = useState<string | null>(null);
  if (actions.length === 0) return null;
  const press = async (action: SettingAction) => {
    setDoing(action.id);
    await onAct(action);
    setDoing(null);
  };
  return (
    <div className={styles.buttons}>
      {actions.map((action) => (
        <Button key={action.id} disabled={busy} busy={doing === action.id} onClick={() => void press(action)}>
          {action.title}
        </Button>
      ))}
    </div>
  );
}

/** Acts at once, or asks first what has consequences: *asking* is what waits for the person's word. */
export function useActions(camera: Camera, onActed: () => void) {
  const client = useClient();
  const toast = useToast();
  const told = useTold();
  const [asking, setAsking] = useState<SettingAction | null>(null);

  const doIt = async (action: SettingAction) => {
    const answer = await client.actOnCamera(camera.id, action.id);
    if (!answer.ok) return answer;
    toast({ title: answer.value.title });
    onActed();
    return answer;
  };
  const act = async (action: SettingAction) => {
    if (action.confirm === null) await told(doIt(action));
    else setAsking(action);
  };
  return { act, doIt, asking, close: () => setAsking(null) };
}

/** The form of the question must not stand within that of the settings: browsers keep its submission to themselves. */
export function ActionDialog({ asking, doIt, close }: Omit<ReturnType<typeof useActions>, "act">) {
  if (!asking) return null;
  return (
    <ConfirmDialog
      title={asking.title}
      action={text.settings.do}
      password={false}
      onConfirm={() => doIt(asking)}
      onDone={() => undefined}
      onClose={close}
    >
      <p>{asking.confirm}</p>
    </ConfirmDialog>
  );
}
