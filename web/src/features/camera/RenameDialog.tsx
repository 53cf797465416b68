import { useState } from "react";

import type { Camera } from "../../api/gen";
import { Field } from "../../design/Field";
import { text } from "../../text/en";
import { FormDialog } from "../asking/FormDialog";
import { useChange } from "./useChange";

export const MAX_NAME = 64;

export function RenameDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { busy, problem, change } = useChange(camera);
  const [name, setName] = useState(camera.name);
  const save = async () => {
    if (await change({ name: name.trim() })) onClose();
  };
  return (
    <FormDialog
      title={text.camera.rename}
      action={text.actions.save}
      busy={busy}
      ready={name.trim() !== ""}
      onSubmit={save}
      onClose={onClose}
    >
      <Field
        label={text.camera.name}
        value={name}
        error={problem?.title}
        required
        maxLength={MAX_NAME}
        onChange={(e) => setName(e.target.value)}
      />
    </FormDialog>
  );
}
