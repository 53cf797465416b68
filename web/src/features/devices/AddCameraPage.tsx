import { useState } from "react";

import type { OpenTrial, Trial } from "../../api/gen";
import { useCameras, useClient } from "../../api/queries";
import { buttonClass } from "../../design/Button";
import { Page } from "../../design/Page";
import { text } from "../../text/en";
import { useAction } from "../asking/useAction";
import { Link } from "../shell/navigation";
import { cameraHref, hrefOf } from "../shell/routes";
import { AddressForm } from "./AddressForm";
import styles from "./Devices.module.css";
import { Finder } from "./Finder";
import { nameOf, nameOfAddress } from "./rows";
import { TrialStep } from "./TrialStep";

const t = text.devices;

/** Add a camera: found or typed, then how it looks and what it is, and only then is it kept. Or put it in another's place. */
export function AddCameraPage({ swap }: { swap: string | undefined }) {
  const client = useClient();
  const { busy, problem, run } = useAction();
  const [trial, setTrial] = useState<{ opened: Trial; name: string; wanted: OpenTrial } | null>(null);
  const replaced = useCameras().data?.find(({ id }) => id === swap);

  const connect = async (wanted: OpenTrial, name: string) => {
    const answer = await run(client.openTrial(wanted));
    // A refusal is told beside the address.
    setTrial(answer.ok ? { opened: answer.value, name, wanted } : null);
  };
  const title = replaced ? t.swapping.title(replaced.name) : t.add;
  const cancel = (
    <Link className={buttonClass("quiet")} href={replaced ? cameraHref(replaced.id) : hrefOf({ view: "devices" })}>
      {text.actions.cancel}
    </Link>
  );

  if (trial)
    return (
      <Page title={title}>
        <TrialStep
          key={trial.opened.id}
          opened={trial.opened}
          name={trial.name}
          replaced={replaced}
          cancel={cancel}
          onBack={() => {
            setTrial(null);
            document.getElementById("main")?.focus();
          }}
          busy={busy}
          onAgain={() => void connect(trial.wanted, trial.name)}
        />
      </Page>
    );
  return (
    <Page title={title} actions={cancel}>
      {replaced && <p className={styles.intro}>{t.swapping.intro(replaced.name)}</p>}
      <div className={styles.columns}>
        <Finder
          busy={busy}
          many={!replaced}
          onConnect={(device) => void connect({ address: device.address }, nameOf(device))}
        />
        <AddressForm
          busy={busy}
          problem={problem}
          many={!replaced}
          onConnect={(wanted) => void connect(wanted, nameOfAddress(wanted.address))}
        />
      </div>
    </Page>
  );
}
