import { useState } from "react";

import type { FormatVolume } from "../../api/gen";
import { useClient } from "../../api/queries";
import { Select } from "../../design/Field";
import { Notice } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { bytes } from "../../text/format";
import { ConfirmDialog } from "../asking/ConfirmDialog";
import { useStorageCache } from "./useStorageCache";

type FormatDialogProps = {
  what: { volume: string } | { device: string };
  name: string;
  /** What must be typed. */
  confirm: string;
  /** Empty where the device under a folder is not known: then only the folder can be emptied. */
  device: string;
  archiveBytes: number;
  heldBytes: number;
  onClose: () => void;
};

const t = text.storage.format;

/** Delete everything in a place: says what goes, asks for its name and the person's password. */
export function FormatDialog({ what, name, confirm, device, archiveBytes, heldBytes, onClose }: FormatDialogProps) {
  const client = useClient();
  const show = useStorageCache();
  const toast = useToast();
  const systems: FormatVolume["file_system"][] = [
    ...("volume" in what ? (["directory"] as const) : []),
    ...(device === "" ? [] : (["ext4", "xfs"] as const)),
  ];
  const [system, setSystem] = useState(systems[0] ?? "directory");
  return (
    <ConfirmDialog
      title={t.title(name)}
      typed={confirm}
      action={t.action}
      icon="trash"
      onConfirm={(password) => show(client.formatVolume({ ...what, file_system: system, confirm, password }))}
      onDone={() => toast({ title: t.started })}
      onClose={onClose}
    >
      <Notice tone="bad" title={t.lost(archiveBytes > 0 ? bytes(archiveBytes) : "")} />
      {heldBytes > 0 && <p>{t.held(bytes(heldBytes))}</p>}
      <Select
        label={t.fileSystem}
        hint={system === "directory" ? t.directoryHint : t.deviceHint}
        value={system}
        options={systems.map((value) => ({ value, label: t.systems[value] }))}
        onChange={setSystem}
      />
    </ConfirmDialog>
  );
}
