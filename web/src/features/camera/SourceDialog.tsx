import { useState } from "react";

import type { Camera } from "../../api/gen";
import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Switch } from "../../design/Field";
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
  const [readable, setReadable] = useState(camera.allow_basic);
  const refused = [camera.device, camera.state].find(({ kind }) => kind === "basic_only");
  const wanted = {
    ...changeOf(before, source),
    ...(readable !== camera.allow_basic && { allow_basic: readable }),
  };
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
        {refused && <Notice tone="warn" title={refused.title} detail={refused.remedy} />}
        <SourceFields source={source} onChange={setSource} problem={problem} keepsPassword />
        {(refused !== undefined || camera.allow_basic) && (
          <Switch
            label={text.source.readable}
            hint={text.source.readableHint}
            checked={readable}
            onChange={setReadable}
          />
        )}
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
