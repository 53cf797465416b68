import { useState } from "react";

import type { Camera, Storage } from "../../api/gen";
import { useCameraCache, useClient } from "../../api/queries";
import { Field } from "../../design/Field";
import { Segmented } from "../../design/Segmented";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { isLower, typedDays } from "./lowering";

const t = text.storage.cameraDepth;
const kinds = [
  { value: "as", label: t.as },
  { value: "own", label: t.own },
] as const;
const { waits, holds } = text.storage.depthDialog;
const USUAL_DAYS = 30;

type CameraDepthDialogProps = { camera: Camera; storage: Storage; onClose: () => void };

/** How long one camera's footage is kept. */
export function CameraDepthDialog({ camera, storage, onClose }: CameraDepthDialogProps) {
  const client = useClient();
  const cache = useCameraCache();
  const [kind, setKind] = useState<"as" | "own">(camera.depth_days === null ? "as" : "own");
  const [typed, setTyped] = useState(String(camera.depth_days ?? storage.depth.days ?? USUAL_DAYS));
  const days = kind === "as" ? null : typedDays(typed);
  const wrong = kind === "own" && days === null;
  const lower = !wrong && isLower(days ?? storage.depth.days, camera.depth_days ?? storage.depth.days);

  const save = async (password: string) => {
    const answer = await client.changeCamera(camera.id, { depth_days: days, ...(lower && { own_password: password }) });
    if (answer.ok) cache.put(answer.value);
    return answer;
  };
  return (
    <ConfirmDialog
      title={t.title(camera.name)}
      password={lower}
      tone={lower ? "danger" : "primary"}
      action={lower ? text.storage.depthDialog.lowerAction : text.actions.save}
      ready={!wrong && days !== camera.depth_days}
      onConfirm={save}
      onDone={() => undefined}
      onClose={onClose}
    >
      <Segmented label={t.title(camera.name)} value={kind} options={kinds} onChange={setKind} />
      {kind === "own" && (
        <Field
          label={text.storage.days}
          hint={text.storage.daysHint}
          type="number"
          inputMode="numeric"
          min={1}
          max={360}
          value={typed}
          onChange={(e) => setTyped(e.target.value)}
        />
      )}
      {lower && <Notice tone="bad" title={t.lower} detail={`${waits} ${holds}`} />}
    </ConfirmDialog>
  );
}
