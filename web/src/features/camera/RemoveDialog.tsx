import { useState } from "react";

import type { Camera, Problem } from "../../api/gen";
import { useCameraCache, useClient } from "../../api/queries";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field } from "../../design/Field";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { navigate } from "../shell/navigation";
import { hrefOf } from "../shell/routes";

/** Names may hold spaces that nobody sees. */
const plain = (name: string) => name.trim().replace(/\s+/g, " ");

/** Remove a camera: says what is lost and what stays, and asks for the name. */
export function RemoveDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const client = useClient();
  const cache = useCameraCache();
  const toast = useToast();
  const [typed, setTyped] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const confirmed = plain(typed) === plain(camera.name);

  const remove = async () => {
    setBusy(true);
    const answer = await client.removeCamera(camera.id);
    setBusy(false);
    if (!answer.ok) {
      setProblem(answer.problem);
      return;
    }
    navigate(hrefOf({ view: "devices" }), { replace: true });
    cache.drop(camera.id);
    toast({ title: text.remove.done(camera.name) });
  };

  return (
    <Dialog title={text.remove.title(camera.name)} closeLabel={text.actions.close} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (confirmed) void remove();
        }}
      >
        {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
        <p>{text.remove.lost}</p>
        <p>{text.remove.stays}</p>
        <Field
          label={text.remove.typeName(camera.name)}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(e) => setTyped(e.target.value)}
        />
        <div className="form-actions">
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" tone="danger" icon="trash" busy={busy} disabled={!confirmed}>
            {text.camera.remove}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
