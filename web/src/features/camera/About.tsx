import { useState } from "react";

import type { Camera, Stream } from "../../api/gen";
import { Address } from "../../design/Address";
import { Button } from "../../design/Button";
import { Switch } from "../../design/Field";
import { Card, Facts } from "../../design/Page";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { bitrate, codecName, dateAndTime, frameRate } from "../../text/format";
import { parseMoment } from "../../text/time";
import { CameraBadge } from "../cameras/CameraBadge";
import styles from "./CameraPage.module.css";
import { DeviceCard } from "./DeviceCard";
import { DeviceTrouble } from "./DeviceTrouble";
import { RemoveDialog } from "./RemoveDialog";
import { RenameDialog } from "./RenameDialog";
import { SourceDialog } from "./SourceDialog";
import { useChange } from "./useChange";

type Open = "rename" | "source" | "remove" | null;

/** How a camera is, what it sends, and what Tawny does with it. */
export function About({ camera, zone }: { camera: Camera; zone: string }) {
  const { busy, problem, change } = useChange(camera);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <>
      <DeviceTrouble camera={camera} />
      <StateCard camera={camera} zone={zone} />
      <DeviceCard camera={camera} />
      <StreamsCard camera={camera} />
      <Card title={text.camera.settings}>
        {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
        <Switch
          label={text.camera.enabled}
          hint={text.camera.enabledHint}
          checked={camera.enabled}
          disabled={busy}
          onChange={(enabled) => void change({ enabled })}
        />
        <Switch
          label={text.camera.sound}
          hint={text.camera.soundHint}
          checked={camera.sound}
          disabled={busy}
          onChange={(sound) => void change({ sound })}
        />
        <div className={styles.buttons}>
          <Button icon="edit" onClick={() => setOpen("rename")}>
            {text.camera.rename}
          </Button>
          <Button icon="link" onClick={() => setOpen("source")}>
            {text.camera.source}
          </Button>
          <Button icon="trash" onClick={() => setOpen("remove")}>
            {text.camera.remove}
          </Button>
        </div>
      </Card>
      {open === "rename" && <RenameDialog camera={camera} onClose={close} />}
      {open === "source" && <SourceDialog camera={camera} onClose={close} />}
      {open === "remove" && <RemoveDialog camera={camera} onClose={close} />}
    </>
  );
}

function StateCard({ camera, zone }: { camera: Camera; zone: string }) {
  const { state } = camera;
  const since = parseMoment(state.since);
  const retry = state.retry_at === null ? null : parseMoment(state.retry_at);
  return (
    <Card title={text.camera.state} actions={<CameraBadge camera={camera} />}>
      <div role="status" className={styles.status}>
        {state.title !== "" && <p className={styles.strong}>{state.title}</p>}
        {state.remedy !== "" && <p className={styles.muted}>{state.remedy}</p>}
      </div>
      <Facts
        items={[
          ...(since === null ? [] : [{ name: text.camera.since, value: dateAndTime(since, zone) }]),
          ...(retry === null ? [] : [{ name: text.camera.retry, value: dateAndTime(retry, zone) }]),
          { name: text.camera.address, value: <Address>{camera.url}</Address> },
          ...(camera.sub_url === ""
            ? []
            : [{ name: text.camera.subAddress, value: <Address>{camera.sub_url}</Address> }]),
        ]}
      />
    </Card>
  );
}

function StreamsCard({ camera }: { camera: Camera }) {
  const { main, sub } = camera.streams;
  return (
    <Card title={text.camera.streams}>
      {!main && !sub && <p className={styles.muted}>{text.camera.noStreams}</p>}
      {main && <StreamFacts name={text.streams.main} stream={main} />}
      {sub && <StreamFacts name={text.streams.sub} stream={sub} />}
    </Card>
  );
}

/** One stream in figures. */
export function StreamFacts({ name, stream }: { name: string; stream: Stream }) {
  const { audio } = stream;
  const lost = stream.lost_packets;
  return (
    <div className={styles.stream}>
      <h3>{name}</h3>
      <Facts
        items={[
          {
            name: text.streams.video,
            value: text.streams.picture(codecName(stream.codec), stream.width, stream.height),
          },
          { name: text.streams.rate, value: stream.fps === null ? text.streams.notYet : frameRate(stream.fps) },
          {
            name: text.streams.bitrate,
            value: stream.bits_per_second === null ? text.streams.notYet : bitrate(stream.bits_per_second),
          },
          {
            name: text.streams.sound,
            value: audio ? text.streams.audio(codecName(audio.codec), audio.sample_rate / 1000) : text.streams.none,
          },
          { name: text.streams.lost, value: text.count(lost), tone: lost > 0 ? ("warn" as const) : undefined },
        ]}
      />
    </div>
  );
}
