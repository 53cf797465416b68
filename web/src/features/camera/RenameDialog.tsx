import { useState } from "react";

import type { Camera } from "../../api/gen";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { text } from "../../text/en";
import { useChange } from "./useChange";

export const MAX_NAME = 64;

export function RenameDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { busy, problem, change } = useChange(camera);
  const [name, setName] = useState(camera.name);
  const save = async () => {
    if (await change({ name: name.trim() })) onClose();
  };
  return (
    <Dialog title={text.camera.rename} closeLabel={text.actions.close} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        <Field
          label={text.camera.name}
          value={name}
          error={problem?.title}
          required
          maxLength={MAX_NAME}
          onChange={(e) => setName(e.target.value)}
        />
        <div className="form-actions">
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" tone="primary" busy={busy} disabled={name.trim() === ""}>
            {text.actions.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
