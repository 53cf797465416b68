import { useState } from "react";

import type { Camera } from "../../api/gen";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { changeOf, type Source } from "../cameras/source";
import { SourceFields } from "../cameras/SourceFields";
import { useChange } from "./useChange";

/** Another address or login, for a camera that moved or whose password changed. */
export function SourceDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const { busy, problem, change } = useChange(camera);
  const before: Source = { url: camera.url, subUrl: camera.sub_url, user: camera.user, password: "" };
  const [source, setSource] = useState(before);
  const wanted = changeOf(before, source);
  const unchanged = Object.keys(wanted).length === 0;
  const save = async () => {
    if (unchanged || (await change(wanted))) onClose();
  };
  return (
    <Dialog title={text.camera.source} closeLabel={text.actions.close} onClose={onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
        <SourceFields source={source} onChange={setSource} problem={problem} keepsPassword />
        <div className="form-actions">
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" tone="primary" busy={busy}>
            {text.actions.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
