import { useState } from "react";

import type { ArchiveVolume } from "../../api/gen";
import { useClient } from "../../api/queries";
import { Field } from "../../design/Field";
import { text } from "../../text/en";
import { FormDialog } from "../asking/FormDialog";
import { useAction } from "../asking/useAction";
import { useStorageCache } from "./useStorageCache";

export function RenameVolumeDialog({ volume, onClose }: { volume: ArchiveVolume; onClose: () => void }) {
  const client = useClient();
  const show = useStorageCache();
  const { busy, problem, run } = useAction();
  const [name, setName] = useState(volume.name);
  const save = async () => {
    if ((await run(show(client.changeVolume(volume.id, { name: name.trim() })))).ok) onClose();
  };
  return (
    <FormDialog
      title={text.storage.rename.title}
      action={text.actions.save}
      busy={busy}
      ready={name.trim() !== ""}
      onSubmit={save}
      onClose={onClose}
    >
      <Field
        label={text.storage.rename.name}
        value={name}
        error={problem?.title}
        required
        maxLength={64}
        onChange={(e) => setName(e.target.value)}
      />
    </FormDialog>
  );
}
