import { useEffect, useState } from "react";

import { useQueryClient } from "@tanstack/react-query";

import { useCameraSettings } from "../../api/camera_queries";
import type { Camera, CameraSettings, SettingResult } from "../../api/gen";
import { keys, problem, useClient } from "../../api/queries";
import { Button } from "../../design/Button";
import { EmptyState, ErrorState, Notice, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { clockTime } from "../../text/format";
import { parseMoment } from "../../text/time";
import { useAction } from "../asking/useAction";
import type { Picture } from "../playing/picture";
import { changeCount, type Draft, faultCount, noDraft, outcomeOf, rebased } from "./draft";
import { drafts, useDraft } from "./drafts";
import { ActionDialog, useActions } from "./PartActions";
import { PartSection } from "./PartSection";
import styles from "./Settings.module.css";

type SettingsPanelProps = { camera: Camera; zone: string; picture: Picture | null };
const t = text.settings;

/** What the camera itself can be set to: only what it reports. */
export function SettingsPanel({ camera, zone, picture }: SettingsPanelProps) {
  const query = useCameraSettings(camera.id);
  if (camera.kind === "rtsp") return <EmptyState icon="camera" title={t.rtspOnly} detail={t.rtspOnlyDetail} />;
  if (query.data === undefined) {
    if (query.isFetching || query.isPending) {
      return (
        <>
          <p className={styles.muted}>{t.reading}</p>
          <Skeleton label={t.reading} lines={6} />
        </>
      );
    }
    const { title, detail } = problem(query.error);
    const retry = <Button onClick={() => void query.refetch()}>{text.actions.tryAgain}</Button>;
    return <ErrorState title={title} detail={detail} action={retry} />;
  }
  if (query.data.parts.length === 0) return <EmptyState icon="camera" title={t.nothing} detail={t.nothingDetail} />;
  return (
    <Editing
      camera={camera}
      settings={query.data}
      zone={zone}
      picture={picture}
      reading={query.isFetching}
      onRead={() => void query.refetch()}
    />
  );
}

type EditingProps = SettingsPanelProps & { settings: CameraSettings; reading: boolean; onRead: () => void };

function Editing({ camera, settings, zone, picture, reading, onRead }: EditingProps) {
  const client = useClient();
  const cache = useQueryClient();
  const { busy, problem, run } = useAction();
  const wished = useDraft(camera.id);
  const setDraft = (next: Draft) => drafts.keep(camera.id, next);
  const [results, setResults] = useState<readonly SettingResult[]>([]);
  const actions = useActions(camera, onRead);
  const draft = rebased(wished, settings);
  const changes = changeCount(draft);
  const readAt = parseMoment(settings.read_at);
  // What has come true by itself is nothing that could be lost.
  const stale = changes === 0 && wished !== noDraft;
  useEffect(() => {
    if (stale) drafts.keep(camera.id, noDraft);
  }, [stale, camera.id]);

  const change = (next: Draft) => {
    setResults([]);
    setDraft(next);
  };
  const save = async () => {
    const answer = await run(client.writeSettings(camera.id, { settings: draft }));
    if (!answer.ok) return;
    cache.setQueryData(keys.settings(camera.id), answer.value.settings);
    setResults(answer.value.results);
    setDraft(noDraft);
  };
  return (
    <>
      <form
        className={styles.settings}
        aria-busy={busy}
        onSubmit={(e) => {
          e.preventDefault();
          if (changes > 0 && faultCount(draft, settings) === 0) void save();
        }}
      >
        <p className={styles.muted}>{t.intro}</p>
        <div className={styles.read}>
          {readAt !== null && <span className={styles.muted}>{t.readAt(clockTime(readAt, zone))}</span>}
          <Button tone="quiet" busy={reading} onClick={onRead}>
            {t.again}
          </Button>
        </div>
        {settings.parts.map((part, i) => (
          <PartSection
            key={part.id}
            part={part}
            draft={draft}
            results={results.filter((result) => result.part === part.id)}
            picture={picture}
            first={i === 0}
            busy={busy}
            onChange={change}
            onAct={actions.act}
          />
        ))}
        <div className={styles.bar} role="status">
          {problem && <Notice tone="bad" title={problem.title} detail={problem.detail} />}
          {busy && <p>{t.saving}</p>}
          {results.length > 0 && <Summary results={results} />}
          {changes > 0 && !busy && <p>{t.unsaved(changes)}</p>}
          {changes > 0 && (
            <div className={styles.buttons}>
              <Button disabled={busy} onClick={() => change(noDraft)}>
                {t.discard}
              </Button>
              <Button tone="primary" type="submit" busy={busy} disabled={faultCount(draft, settings) > 0}>
                {t.save}
              </Button>
            </div>
          )}
        </div>
      </form>
      <ActionDialog asking={actions.asking} doIt={actions.doIt} close={actions.close} />
    </>
  );
}

function Summary({ results }: { results: readonly SettingResult[] }) {
  const written = results.filter((result) => outcomeOf(result) === "written").length;
  const all = written === results.length;
  return (
    <Notice
      tone={all ? "neutral" : "warn"}
      title={all ? t.allWritten(written) : t.someWritten(written, results.length)}
    />
  );
}
