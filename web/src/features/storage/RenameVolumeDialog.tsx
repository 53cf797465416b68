import { useState } from "react";

import type { ArchiveVolume } from "../../api/gen";
import { useClient } from "../../api/queries";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { text } from "../../text/en";
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
    <Dialog title={text.storage.rename.title} closeLabel={text.actions.close} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        <Field
          label={text.storage.rename.name}
          value={name}
          error={problem?.title}
          required
          maxLength={64}
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
