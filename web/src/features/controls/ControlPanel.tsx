import { useControls } from "../../api/camera_queries";
import type { Camera, Controls } from "../../api/gen";
import { problem } from "../../api/queries";
import { Button } from "../../design/Button";
import { EmptyState, ErrorState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { ContactsCards } from "./ContactsCards";
import { FocusCard } from "./FocusCard";
import { PresetsCard } from "./PresetsCard";
import { PtzCard } from "./PtzCard";
import { TalkCard } from "./TalkCard";

/** What can be steered on a camera while one looks at it: only what it has. */
export function ControlPanel({ camera }: { camera: Camera }) {
  const query = useControls(camera.id, { enabled: true, watched: true });
  if (query.data) return <Steering camera={camera} controls={query.data} />;
  if (query.isPending) return <Skeleton label={text.controls.reading} lines={5} />;
  const { title, detail } = problem(query.error);
  const retry = <Button onClick={() => void query.refetch()}>{text.actions.tryAgain}</Button>;
  return <ErrorState title={title} detail={detail} action={retry} />;
}

function Steering({ camera, controls }: { camera: Camera; controls: Controls }) {
  const { ptz, focus, relays, inputs, talk } = controls;
  if (!ptz && !focus && relays.length === 0 && inputs.length === 0 && !talk) {
    return <EmptyState icon="camera" title={text.controls.nothing} detail={text.controls.nothingDetail} />;
  }
  return (
    <>
      {ptz && <PtzCard camera={camera} ptz={ptz} />}
      {ptz && ptz.most_presets > 0 && <PresetsCard camera={camera} ptz={ptz} />}
      {focus && <FocusCard camera={camera} focus={focus} />}
      {talk && <TalkCard camera={camera} />}
      <ContactsCards camera={camera} relays={relays} inputs={inputs} />
    </>
  );
}
