import { useState } from "react";

import { useClient } from "../../api/queries";
import type { Camera, DigitalInput, Relay } from "../../api/gen";
import { Badge } from "../../design/Badge";
import { Button } from "../../design/Button";
import { Switch } from "../../design/Field";
import { Card } from "../../design/Page";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import styles from "./Controls.module.css";
import { useSteer } from "./useSteering";

const t = text.controls;
type ContactsProps = { camera: Camera; relays: readonly Relay[]; inputs: readonly DigitalInput[] };

/** What is wired to the camera. */
export function ContactsCards({ camera, relays, inputs }: ContactsProps) {
  return (
    <>
      {relays.length > 0 && (
        <Card title={t.relays}>
          {relays.map((relay) => (
            <RelayRow key={relay.relay} camera={camera} relay={relay} />
          ))}
        </Card>
      )}
      {inputs.length > 0 && (
        <Card title={t.inputs}>
          <ul className={styles.inputs}>
            {inputs.map((input) => (
              <li key={input.input} className={styles.input}>
                <span>{input.name === "" ? t.inputName(input.input) : input.name}</span>
                <InputBadge active={input.active} />
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function InputBadge({ active }: { active: boolean | null }) {
  if (active === null) return <Badge>{t.unknown}</Badge>;
  return active ? <Badge tone="accent">{t.active}</Badge> : <Badge>{t.idle}</Badge>;
}

function RelayRow({ camera, relay }: { camera: Camera; relay: Relay }) {
  const client = useClient();
  const steer = useSteer(camera);
  const toast = useToast();
  const [busy, setBusy] = useState(false);
  const name = relay.name === "" ? t.relayName(relay.relay) : relay.name;
  const set = async (active: boolean) => {
    setBusy(true);
    const done = await steer(client.switchRelay(camera.id, { relay: relay.relay, active }));
    setBusy(false);
    if (done && !relay.bistable) toast({ title: t.triggered(name) });
  };
  if (relay.bistable) {
    return <Switch label={name} checked={relay.active === true} disabled={busy} onChange={(on) => void set(on)} />;
  }
  return (
    <div className={styles.input}>
      <div>
        <p>{name}</p>
        <p className={styles.muted}>{t.pulseHint}</p>
      </div>
      <Button icon="relay" busy={busy} aria-label={t.relayPulse(name)} onClick={() => void set(true)}>
        {t.trigger}
      </Button>
    </div>
  );
}
