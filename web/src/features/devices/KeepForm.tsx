import { type ReactNode, useState } from "react";

import type { Trial } from "../../api/gen";
import { useCameraCache, useClient } from "../../api/queries";
import { Badge } from "../../design/Badge";
import { Button } from "../../design/Button";
import { Checkbox, Field, Switch } from "../../design/Field";
import { Card } from "../../design/Page";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { useAction } from "../asking/useAction";
import { MAX_NAME } from "../camera/RenameDialog";
import { navigate } from "../shell/navigation";
import { cameraHref, hrefOf } from "../shell/routes";
import { type Choice, firstChoices, grown, hasSound, kept } from "./channels";
import styles from "./Devices.module.css";

const t = text.devices.keep;

type KeepFormProps = { trial: Trial; onKept: () => void; onTrial: (trial: Trial) => void; back: ReactNode };

/** Names, sound, and that it is kept: all of one camera, or channels of a device with several. */
export function KeepForm({ trial, onKept, onTrial, back }: KeepFormProps) {
  const client = useClient();
  const cache = useCameraCache();
  const toast = useToast();
  const { busy, problem, run } = useAction();
  const [known, setChoices] = useState<readonly Choice[]>(() => firstChoices(trial));
  const [sound, setSound] = useState(false);
  const choices = grown(known, trial);
  const [only] = choices;
  const single = choices.length === 1 ? only : undefined;
  const sounds = hasSound(trial);
  const wanted = kept(choices, sound && sounds);
  const named = wanted.length > 0 && wanted.every(({ name }) => name !== "");
  const change = (at: number, members: Partial<Choice>) =>
    setChoices(choices.map((choice, i) => (i === at ? { ...choice, ...members } : choice)));

  const add = async () => {
    const answer = await run(client.keepTrial(trial.id, { channels: wanted }));
    if (!answer.ok) return;
    onKept();
    const { items } = answer.value;
    const [first] = items;
    items.forEach(cache.put);
    toast({ title: items.length === 1 && first ? t.added(first.name) : t.addedMany(items.length) });
    navigate(items.length === 1 && first ? cameraHref(first.id) : hrefOf({ view: "devices" }), { replace: true });
  };
  const watch = async (channel: string) => {
    const answer = await run(client.watchChannel(trial.id, { channel }));
    if (answer.ok) onTrial(answer.value);
  };

  return (
    <Card title={single ? t.title : t.titleMany}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          void add();
        }}
      >
        {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
        {single && (
          <Field
            label={t.name}
            hint={t.nameHint}
            value={single.name}
            required
            autoFocus
            autoComplete="off"
            maxLength={MAX_NAME}
            onFocus={(e) => e.target.select()}
            onChange={(e) => change(0, { name: e.target.value })}
          />
        )}
        {!single && (
          <ul className={styles.channels}>
            {choices.map((choice, i) => (
              <ChannelRow
                key={choice.channel}
                choice={choice}
                watched={choice.channel === trial.channel}
                onChange={(members) => change(i, members)}
                onWatch={() => void watch(choice.channel)}
              />
            ))}
          </ul>
        )}
        <Switch
          label={t.sound}
          hint={sounds ? text.camera.soundHint : t.noSound}
          checked={sound && sounds}
          disabled={!sounds}
          onChange={setSound}
        />
        <div className={styles.buttons}>
          {back}
          <Button type="submit" tone="primary" icon="plus" busy={busy} disabled={!named}>
            {single ? t.action : t.actionMany(wanted.length)}
          </Button>
        </div>
      </form>
    </Card>
  );
}

type ChannelRowProps = {
  choice: Choice;
  watched: boolean;
  onChange: (members: Partial<Choice>) => void;
  onWatch: () => void;
};

function ChannelRow({ choice, watched, onChange, onWatch }: ChannelRowProps) {
  return (
    <li className={styles.channel}>
      <Checkbox label={choice.title} checked={choice.keep} onChange={(keep) => onChange({ keep })} />
      {choice.added && <Badge>{t.already}</Badge>}
      {watched ? (
        <Badge tone="accent">{t.watched}</Badge>
      ) : (
        <Button tone="quiet" onClick={onWatch} aria-label={t.watchOf(choice.title)}>
          {t.watch}
        </Button>
      )}
      <input
        className={styles.cellInput}
        aria-label={t.nameOf(choice.title)}
        value={choice.name}
        maxLength={MAX_NAME}
        disabled={!choice.keep}
        autoComplete="off"
        onChange={(e) => onChange({ name: e.target.value })}
      />
    </li>
  );
}
