import { useState } from "react";

import type { Camera } from "../../api/gen";
import { Field } from "../../design/Field";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { FormDialog } from "../asking/FormDialog";
import { useChange } from "./useChange";

const t = text.device.login;

/** Another user or password, where the camera refuses those it knows. */
export function LoginDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { busy, problem, change } = useChange(camera);
  const toast = useToast();
  const [user, setUser] = useState(camera.user);
  const [password, setPassword] = useState("");
  const save = async () => {
    if (!(await change({ user: user.trim(), password }))) return;
    toast({ title: t.done });
    onClose();
  };
  return (
    <FormDialog title={t.title} action={t.save} busy={busy} ready={password !== ""} onSubmit={save} onClose={onClose}>
      {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
      <p>{t.intro}</p>
      <Field
        label={t.user}
        value={user}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={128}
        onChange={(e) => setUser(e.target.value)}
      />
      <Field
        label={t.password}
        type="password"
        value={password}
        autoComplete="new-password"
        maxLength={128}
        onChange={(e) => setPassword(e.target.value)}
      />
    </FormDialog>
  );
}
