import { useState } from "react";

import { useCameraCache, useClient } from "../../api/queries";
import type { Camera } from "../../api/gen";
import { Button, buttonClass } from "../../design/Button";
import { Facts } from "../../design/Page";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { Link } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import { LoginDialog } from "./LoginDialog";
import { SourceDialog } from "./SourceDialog";
import { deviceTrouble, type Trouble } from "./deviceTrouble";

type Accepted = Exclude<Trouble["kind"], "login" | "readable">;
const t = text.device;

/** What only a person can decide about a camera: another certificate, another device, another password. */
export function DeviceTrouble({ camera }: { camera: Camera }) {
  const [open, setOpen] = useState<Trouble["kind"] | null>(null);
  const close = () => setOpen(null);
  const trouble = deviceTrouble(camera);
  return (
    <>
      {trouble && (
        <Notice
          tone="bad"
          title={trouble.title}
          detail={trouble.remedy}
          action={<Button onClick={() => setOpen(trouble.kind)}>{t[trouble.kind].action}</Button>}
        />
      )}
      {open === "readable" && <SourceDialog camera={camera} onClose={close} />}
      {open === "login" && <LoginDialog camera={camera} onClose={close} />}
      {(open === "certificate" || open === "identity") && <AcceptDialog camera={camera} what={open} onClose={close} />}
    </>
  );
}

function AcceptDialog({ camera, what, onClose }: { camera: Camera; what: Accepted; onClose: () => void }) {
  const client = useClient();
  const cache = useCameraCache();
  const toast = useToast();
  const accept = async () => {
    const answer = await client.changeCamera(camera.id, { accept: what });
    if (answer.ok) cache.put(answer.value);
    return answer;
  };
  return (
    <ConfirmDialog
      title={t[what].ask}
      action={t[what].confirm}
      password={false}
      onConfirm={accept}
      onDone={() => toast({ title: t[what].done })}
      onClose={onClose}
    >
      {what === "certificate" ? <AboutCertificate camera={camera} /> : <AboutIdentity camera={camera} />}
    </ConfirmDialog>
  );
}

function AboutCertificate({ camera }: { camera: Camera }) {
  return (
    <>
      <p>{t.certificate.detail}</p>
      {camera.fingerprint !== "" && <Facts items={[{ name: t.certificate.before, value: camera.fingerprint }]} />}
    </>
  );
}

function AboutIdentity({ camera }: { camera: Camera }) {
  const known = [camera.make, camera.model, camera.serial, camera.mac].filter(Boolean).join(", ");
  return (
    <>
      <p>{camera.device.title}</p>
      {known !== "" && <Facts items={[{ name: t.identity.before, value: known }]} />}
      <p>{t.identity.explain}</p>
      <p>{t.identity.replaced}</p>
      <p>
        <Link className={buttonClass()} href={hrefOf({ view: "add-camera", swap: camera.id })}>
          {t.identity.swap}
        </Link>
      </p>
    </>
  );
}
