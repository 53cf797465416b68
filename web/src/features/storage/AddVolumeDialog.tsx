import { useState } from "react";

import { useClient } from "../../api/queries";
import { Field } from "../../design/Field";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { FormDialog } from "../asking/FormDialog";
import { useAction } from "../asking/useAction";
import { useStorageCache } from "./useStorageCache";

const t = text.storage.addDialog;

/** Use an empty place for recording; *path* is known where the place was found by itself. */
export function AddVolumeDialog({ path: found, onClose }: { path: string; onClose: () => void }) {
  const client = useClient();
  const show = useStorageCache();
  const toast = useToast();
  const { busy, problem, run } = useAction();
  const [path, setPath] = useState(found);
  const [name, setName] = useState("");
  const add = async () => {
    const named = name.trim() === "" ? {} : { name: name.trim() };
    const answer = await run(show(client.addVolume({ path: path.trim(), how: "add", ...named })));
    if (!answer.ok) return;
    toast({ title: t.done });
    onClose();
  };
  return (
    <FormDialog
      title={t.title}
      action={t.action}
      busy={busy}
      ready={path.trim() !== ""}
      onSubmit={add}
      onClose={onClose}
    >
      {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
      <Field
        label={t.path}
        hint={t.pathHint}
        value={path}
        required
        maxLength={1024}
        autoCapitalize="none"
        spellCheck={false}
        onChange={(e) => setPath(e.target.value)}
      />
      <Field label={t.name} hint={t.nameHint} value={name} maxLength={64} onChange={(e) => setName(e.target.value)} />
    </FormDialog>
  );
}
