import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { videoUrl } from "../../api/client";
import { keys, useClient } from "../../api/queries";
import { valueOf } from "../../api/result";
import type { Camera } from "../../api/gen";
import { buttonClass, Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import { Field, Switch } from "../../design/Field";
import { Icon } from "../../design/Icon";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { bytes, duration, zoneName } from "../../text/format";
import { HOUR_US, MINUTE_US, parseWallInput, SECOND_US, wallInput } from "../../text/time";
import { stretchOf } from "../timeline/timelineChunks";

type SaveDialogProps = { camera: Camera; zone: string; shownUs: number; nowUs: number; onClose: () => void };

const LONGEST_US = 6 * HOUR_US;

/** Save a range of the archive as a file that plays everywhere. */
export function SaveDialog({ camera, zone, shownUs, nowUs, onClose }: SaveDialogProps) {
  const client = useClient();
  const [from, setFrom] = useState(() => wallInput(shownUs - MINUTE_US, zone));
  const [to, setTo] = useState(() => wallInput(Math.min(shownUs + MINUTE_US, nowUs), zone));
  const [sound, setSound] = useState(true);
  const fromUs = parseWallInput(from, zone);
  const toUs = parseWallInput(to, zone);
  const invalid = rangeError(fromUs, toUs);
  const range = invalid === null && fromUs !== null && toUs !== null ? { fromUs, toUs } : null;

  const found = useQuery({
    queryKey: [...keys.timelines(camera.id), "save", fromUs, toUs],
    enabled: range !== null,
    queryFn: async ({ signal }) =>
      range ? stretchOf(valueOf(await client.timeline(camera.id, range.fromUs, range.toUs, signal))) : null,
  });
  const recordedUs = found.data?.spans.reduce((sum, span) => sum + span.toUs - span.fromUs, 0);
  const missing = found.data?.gaps.length ?? 0;
  const ready = range !== null && recordedUs !== 0;

  return (
    <Dialog
      title={text.save.title}
      closeLabel={text.actions.close}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          {ready ? (
            <a
              className={buttonClass("primary")}
              href={videoUrl(camera.id, range.fromUs, range.toUs, "main", sound)}
              download
              onClick={onClose}
            >
              <Icon name="download" />
              {text.save.action}
            </a>
          ) : (
            <Button tone="primary" icon="download" disabled>
              {text.save.action}
            </Button>
          )}
        </>
      }
    >
      <p>{text.save.intro(zoneName(zone, shownUs))}</p>
      <Field
        label={text.save.from}
        type="datetime-local"
        step={1}
        value={from}
        onChange={(e) => setFrom(e.target.value)}
      />
      <Field
        label={text.save.to}
        type="datetime-local"
        step={1}
        value={to}
        error={invalid ?? undefined}
        onChange={(e) => setTo(e.target.value)}
      />
      <Switch label={text.save.sound} hint={text.save.soundHint} checked={sound} onChange={setSound} />
      {recordedUs === 0 && <Notice tone="warn" title={text.save.nothing} detail={found.data?.gaps[0]?.title} />}
      {recordedUs !== undefined && recordedUs > 0 && (
        <p aria-live="polite">
          {text.save.found(duration(recordedUs / SECOND_US), sizeOf(camera, recordedUs), missing)}
        </p>
      )}
    </Dialog>
  );
}

function rangeError(fromUs: number | null, toUs: number | null): string | null {
  if (fromUs === null || toUs === null) return text.save.incomplete;
  if (toUs <= fromUs) return text.save.reversed;
  return toUs - fromUs > LONGEST_US ? text.save.tooLong(duration(LONGEST_US / SECOND_US)) : null;
}

function sizeOf(camera: Camera, us: number): string | null {
  const rate = camera.streams.main?.bits_per_second;
  return rate == null ? null : bytes((rate / 8) * (us / SECOND_US));
}
