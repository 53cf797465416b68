import type { Camera } from "../../api/gen";
import { Button } from "../../design/Button";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { isLost } from "./deviceState";

const t = text.devices.lost;

/** Cameras that can't be reached may merely have moved. */
export function LostNotice({ cameras, onFind }: { cameras: readonly Camera[]; onFind: () => void }) {
  const lost = cameras.filter(isLost).length;
  if (lost === 0) return null;
  return (
    <Notice
      tone="warn"
      title={t.some(lost)}
      detail={t.detail}
      action={
        <Button icon="search" onClick={onFind}>
          {t.find}
        </Button>
      }
    />
  );
}
