import { type ReactNode, useState } from "react";

import type { Camera, Trial } from "../../api/gen";
import { useCameraCache, useClient } from "../../api/queries";
import { Button } from "../../design/Button";
import { Select } from "../../design/Field";
import { Card } from "../../design/Page";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { useAction } from "../asking/useAction";
import { navigate } from "../shell/navigation";
import { cameraHref } from "../shell/routes";
import { channelsOf } from "./channels";
import styles from "./Devices.module.css";

const t = text.devices.swapping;

type SwapFormProps = { trial: Trial; camera: Camera; onKept: () => void; back: ReactNode };

/** The device that was tried takes the place of *camera*. */
export function SwapForm({ trial, camera, onKept, back }: SwapFormProps) {
  const client = useClient();
  const cache = useCameraCache();
  const toast = useToast();
  const { busy, problem, run } = useAction();
  const channels = channelsOf(trial);
  const [chosen, setChosen] = useState<string | null>(null);
  const channel = chosen ?? trial.channel ?? channels[0]?.channel ?? "";
  const swap = async () => {
    const answer = await run(client.swapCamera(camera.id, { trial: trial.id, channel }));
    if (!answer.ok) return;
    onKept();
    cache.put(answer.value);
    toast({ title: t.done(answer.value.name) });
    navigate(cameraHref(camera.id), { replace: true });
  };
  return (
    <Card title={t.title(camera.name)}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void swap();
        }}
      >
        {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
        <p>{t.intro(camera.name)}</p>
        {channels.length > 1 && (
          <Select
            label={t.channel}
            value={channel}
            options={channels.map((each) => ({ value: each.channel, label: each.name || each.channel }))}
            onChange={setChosen}
          />
        )}
        <div className={styles.buttons}>
          {back}
          <Button type="submit" tone="primary" busy={busy}>
            {t.action}
          </Button>
        </div>
      </form>
    </Card>
  );
}
