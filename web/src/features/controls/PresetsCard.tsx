import { useState } from "react";

import { useClient } from "../../api/queries";
import type { Camera, Preset, Ptz } from "../../api/gen";
import { Button, IconButton } from "../../design/Button";
import { Field } from "../../design/Field";
import { Menu, type MenuItem } from "../../design/Menu";
import { Card } from "../../design/Page";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { FormDialog } from "../asking/FormDialog";
import styles from "./Controls.module.css";
import { useSteer } from "./useSteering";

const t = text.controls;
const MAX_NAME = 64;

/** Places that the camera keeps by name. */
export function PresetsCard({ camera, ptz }: { camera: Camera; ptz: Ptz }) {
  const client = useClient();
  const steer = useSteer(camera);
  const toast = useToast();
  const [keeping, setKeeping] = useState(false);
  const full = ptz.presets.length >= ptz.most_presets;
  const setHome = async () => {
    if (await steer(client.steerPtz(camera.id, { do: "set_home" }))) toast({ title: t.homeSet });
  };
  return (
    <Card title={t.presets}>
      {ptz.presets.length === 0 && <p className={styles.muted}>{t.noPresets}</p>}
      <ul className={styles.presets}>
        {ptz.presets.map((preset) => (
          <PresetRow key={preset.preset} camera={camera} preset={preset} />
        ))}
      </ul>
      {full && <p className={styles.muted}>{t.full(ptz.most_presets)}</p>}
      <div className={styles.buttons}>
        <Button icon="plus" disabled={full} onClick={() => setKeeping(true)}>
          {t.keep}
        </Button>
        {ptz.home && (
          <Button icon="home" onClick={() => void setHome()}>
            {t.setHome}
          </Button>
        )}
      </div>
      {keeping && <KeepDialog camera={camera} onClose={() => setKeeping(false)} />}
    </Card>
  );
}

function PresetRow({ camera, preset }: { camera: Camera; preset: Preset }) {
  const client = useClient();
  const steer = useSteer(camera);
  const toast = useToast();
  const [removing, setRemoving] = useState(false);
  const name = preset.name === "" ? t.unnamed(preset.preset) : preset.name;
  const overwrite = async () => {
    const kept = steer(client.steerPtz(camera.id, { do: "set_preset", preset: preset.preset, name }));
    if (await kept) toast({ title: t.kept(name) });
  };
  const items: MenuItem[] = [
    { label: t.overwrite, icon: "edit", onSelect: () => void overwrite() },
    { label: t.removePreset, icon: "trash", tone: "bad", onSelect: () => setRemoving(true) },
  ];
  const remove = async () => {
    const answer = await client.steerPtz(camera.id, { do: "remove_preset", preset: preset.preset });
    if (answer.ok) void steer(Promise.resolve(answer));
    return answer;
  };
  return (
    <li className={styles.preset}>
      <button
        type="button"
        className={styles.go}
        aria-label={t.goTo(name)}
        onClick={() => void steer(client.steerPtz(camera.id, { do: "preset", preset: preset.preset }))}
      >
        {name}
      </button>
      <Menu trigger={<IconButton icon="more" size="s" label={t.menu(name)} />} items={items} />
      {removing && (
        <ConfirmDialog
          title={t.removeTitle(name)}
          action={t.removePreset}
          password={false}
          onConfirm={remove}
          onDone={() => undefined}
          onClose={() => setRemoving(false)}
        >
          <p>{t.removeDetail}</p>
        </ConfirmDialog>
      )}
    </li>
  );
}

function KeepDialog({ camera, onClose }: { camera: Camera; onClose: () => void }) {
  const client = useClient();
  const steer = useSteer(camera);
  const toast = useToast();
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const keep = async () => {
    setBusy(true);
    const kept = await steer(client.steerPtz(camera.id, { do: "set_preset", name: name.trim() }));
    setBusy(false);
    if (!kept) return;
    toast({ title: t.kept(name.trim()) });
    onClose();
  };
  return (
    <FormDialog
      title={t.keepTitle}
      action={text.actions.save}
      busy={busy}
      ready={name.trim() !== ""}
      onSubmit={keep}
      onClose={onClose}
    >
      <Field
        label={t.keepName}
        hint={t.keepNameHint}
        value={name}
        maxLength={MAX_NAME}
        onChange={(e) => setName(e.target.value)}
      />
    </FormDialog>
  );
}
