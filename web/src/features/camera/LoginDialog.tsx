import { useState } from "react";

import type { Camera } from "../../api/gen";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
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
    <Dialog title={t.title} closeLabel={text.actions.close} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
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
        <div className="form-actions">
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" tone="primary" busy={busy} disabled={password === ""}>
            {t.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
