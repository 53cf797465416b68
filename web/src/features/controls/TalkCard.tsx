import { useEffect, useRef, useState } from "react";

import { useClient } from "../../api/queries";
import type { Camera } from "../../api/gen";
import { Icon } from "../../design/Icon";
import { Card, Meter } from "../../design/Page";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { codecName } from "../../text/format";
import styles from "./Controls.module.css";
import { HoldButton } from "./HoldButton";
import { openMicrophone } from "./microphone";
import { Talking, type TalkState } from "./talking";

const t = text.controls.talk;

/** Speak through the camera while the button is held. */
export function TalkCard({ camera }: { camera: Camera }) {
  const client = useClient();
  const [state, setState] = useState<TalkState>({ kind: "idle" });
  const talking = useRef<Talking>(null);
  const end = () => {
    talking.current?.end();
    talking.current = null;
  };
  useEffect(
    () => () => {
      talking.current?.end();
      talking.current = null;
    },
    [],
  );
  const begin = () => {
    if (talking.current) return;
    const line = { open: () => client.openTalk(camera.id), send: client.sendTalk, close: client.closeTalk };
    talking.current = new Talking(line, openMicrophone, setState);
    void talking.current.begin();
  };
  const level = state.kind === "talking" ? state.level : 0;
  return (
    <Card title={t.title}>
      <HoldButton wide label={t.hold} onHold={begin} onRelease={end}>
        <Icon name="mic" />
        {labelOf(state)}
      </HoldButton>
      <div role="status">
        <TroubleNotice state={state} />
      </div>
      {state.kind === "talking" && <Meter label={t.level} value={level} text="" />}
      <p className={styles.muted}>{t.hint}</p>
    </Card>
  );
}

function labelOf({ kind }: TalkState): string {
  if (kind === "talking") return t.holding;
  if (kind === "opening") return t.opening;
  return kind === "asking" ? t.asking : t.hold;
}

function TroubleNotice({ state }: { state: TalkState }) {
  if (state.kind === "failed") return <Notice tone="bad" title={state.title} detail={state.remedy} />;
  if (state.kind === "codec")
    return <Notice tone="warn" title={t.codec(codecName(state.codec))} detail={t.codecRemedy} />;
  if (state.kind === "idle" && state.lost === true) return <Notice tone="warn" title={t.lost} />;
  if (state.kind !== "microphone") return null;
  const words = {
    refused: [t.refused, t.refusedRemedy],
    missing: [t.missing, t.missingRemedy],
    insecure: [t.insecure, t.insecureRemedy],
  }[state.trouble];
  return <Notice tone="warn" title={words[0] ?? ""} detail={words[1]} />;
}
