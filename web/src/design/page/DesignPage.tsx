import { useState } from "react";

import { text } from "../../text/en";
import { Badge } from "../Badge";
import { Button, IconButton } from "../Button";
import { Dialog } from "../Dialog";
import { Checkbox, Field, Select, Switch } from "../Field";
import { FillBar } from "../FillBar";
import { Icon, iconNames } from "../Icon";
import { Menu } from "../Menu";
import { Card, Facts, Meter, Page } from "../Page";
import { Segmented } from "../Segmented";
import { Slider } from "../Slider";
import { EmptyState, ErrorState, Notice, Skeleton } from "../States";
import { useToast } from "../Toast";
import styles from "./DesignPage.module.css";

const t = text.design;
const colours = ["bg", "surface", "raised", "sunken", "line", "text", "text-muted", "accent", "accent-soft"] as const;
const tones = ["good", "warn", "bad", "kind-continuous", "kind-held", "kind-gap"] as const;

/** Every token and primitive in each of its states: what a new screen is built from. */
export function DesignPage() {
  return (
    <Page title={t.title}>
      <Card title={t.colours}>
        <ul className={styles.swatches}>
          {[...colours, ...tones].map((name) => (
            <li key={name} className={styles.swatch}>
              <span className={styles.colour} style={{ background: `var(--${name})` }} />
              {name}
            </li>
          ))}
        </ul>
      </Card>
      <Card title={t.type}>
        <h1>{t.sample}</h1>
        <h2>{t.sample}</h2>
        <h3>{t.sample}</h3>
        <p>{t.sentence}</p>
      </Card>
      <Buttons />
      <Fields />
      <Overlays />
      <States />
      <Card title={t.icons}>
        <ul className={styles.icons}>
          {iconNames.map((name) => (
            <li key={name} className={styles.icon}>
              <Icon name={name} size={24} />
              {name}
            </li>
          ))}
        </ul>
      </Card>
    </Page>
  );
}

function Buttons() {
  const [on, setOn] = useState(true);
  return (
    <Card title={t.buttons}>
      <div className={styles.row}>
        {(["primary", "plain", "quiet", "danger"] as const).map((tone) => (
          <Button key={tone} tone={tone}>
            {tone}
          </Button>
        ))}
        <Button tone="primary" icon="plus">
          {t.withIcon}
        </Button>
        <Button busy>{t.busy}</Button>
        <Button disabled>{t.disabled}</Button>
      </div>
      <div className={styles.row}>
        <IconButton icon="play" label={t.withIcon} />
        <IconButton icon="sound" label={t.pressed} pressed={on} onClick={() => setOn(!on)} />
        <IconButton icon="trash" label={t.disabled} disabled />
        <IconButton icon="close" label={t.small} size="s" />
      </div>
      <div className={styles.row}>
        <Badge>{t.neutral}</Badge>
        <Badge tone="good" icon="check">
          {text.phases.online}
        </Badge>
        <Badge tone="warn" icon="warning">
          {t.warning}
        </Badge>
        <Badge tone="bad" icon="warning">
          {text.phases.waiting}
        </Badge>
        <Badge tone="accent">{text.sessions.current}</Badge>
      </div>
    </Card>
  );
}

function Fields() {
  const [value, setValue] = useState(0.4);
  const [choice, setChoice] = useState<"one" | "two">("one");
  const [on, setOn] = useState(true);
  const options = [
    { value: "one", label: t.one },
    { value: "two", label: t.two },
  ] as const;
  return (
    <Card title={t.fields}>
      <div className={styles.columns}>
        <Field label={t.label} hint={t.hint} placeholder={t.placeholder} />
        <Field label={t.label} defaultValue={t.sample} error={t.error} />
        <Field label={t.disabled} defaultValue={t.sample} disabled />
        <Select label={t.label} value={choice} options={options} onChange={setChoice} />
        <Switch label={t.label} hint={t.hint} checked={on} onChange={setOn} />
        <Switch label={t.disabled} checked={false} disabled onChange={setOn} />
        <Checkbox label={t.label} hint={t.hint} checked={on} onChange={setOn} />
      </div>
      <div className={styles.row}>
        <Segmented label={t.label} value={choice} options={options} onChange={setChoice} />
        <Slider label={t.label} value={value} min={0} max={1} step={0.1} onChange={setValue} />
      </div>
      <Meter label={text.system.used} value={value} text={text.player.percent(value)} />
      <FillBar
        label={text.system.drive}
        text={t.sample}
        parts={[
          { label: t.one, share: value, kind: "recorded" },
          { label: t.two, share: 0.2, kind: "held" },
          { label: t.neutral, share: 0.1, kind: "other" },
        ]}
      />
      <Facts
        items={[
          { name: t.label, value: t.sample },
          { name: t.label, value: t.warning, tone: "warn" },
        ]}
      />
    </Card>
  );
}

function Overlays() {
  const toast = useToast();
  const [open, setOpen] = useState(false);
  const done = () => toast({ title: t.sample, detail: t.sentence });
  return (
    <Card title={t.overlays}>
      <div className={styles.row}>
        <Button onClick={() => setOpen(true)}>{t.dialog}</Button>
        <Button onClick={done}>{t.toast}</Button>
        <Button onClick={() => toast({ title: t.error, detail: t.sentence, tone: "bad" })}>{t.badToast}</Button>
        <Menu
          trigger={<Button icon="down">{t.menu}</Button>}
          items={[
            { label: text.camera.rename, icon: "edit", onSelect: done },
            { label: text.camera.remove, icon: "trash", onSelect: done, tone: "bad" },
          ]}
        />
      </div>
      {open && (
        <Dialog
          title={t.dialog}
          closeLabel={text.actions.close}
          onClose={() => setOpen(false)}
          footer={
            <>
              <Button onClick={() => setOpen(false)}>{text.actions.cancel}</Button>
              <Button tone="primary" onClick={() => setOpen(false)}>
                {text.actions.save}
              </Button>
            </>
          }
        >
          <p>{t.sentence}</p>
          <Field label={t.label} hint={t.hint} />
        </Dialog>
      )}
    </Card>
  );
}

function States() {
  return (
    <Card title={t.states}>
      <Notice tone="neutral" title={text.shell.reconnecting} />
      <Notice tone="warn" title={t.warning} detail={t.sentence} />
      <Notice tone="bad" title={t.error} detail={t.sentence} />
      <Skeleton label={text.shell.loading} />
      <EmptyState icon="camera" title={text.wall.empty} detail={text.wall.emptyDetail} />
      <ErrorState title={t.error} detail={t.sentence} action={<Button>{text.actions.tryAgain}</Button>} />
    </Card>
  );
}
