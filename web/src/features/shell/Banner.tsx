import { useStorage } from "../../api/archive_queries";
import type { Alarm } from "../../api/gen";
import { useRecorder, useRecorderReachable, useZone } from "../../api/queries";
import { Button, buttonClass } from "../../design/Button";
import { Notice } from "../../design/States";
import { text } from "../../text/en";
import { acceptBroken, useKept } from "../evidence/witness";
import { Pending } from "../storage/RetentionCard";
import { Link } from "./navigation";
import { hrefOf, type Route } from "./routes";

/** What nobody may find out too late, on every screen: footage in danger, a recorder that can't be asked. */
export function Banner({ route }: { route: Route }) {
  const reachable = useRecorderReachable();
  const pending = useStorage().data?.depth.pending;
  const zone = useZone();
  const onStorage = route.view === "storage";
  return (
    <>
      <WitnessNotice />
      {reachable ? (
        <RecorderNotice onStorage={onStorage} pendingTold={Boolean(pending)} />
      ) : (
        <Notice tone="warn" title={text.shell.recorderLost} detail={text.shell.recorderLostDetail} />
      )}
      {pending && !onStorage && <Pending pending={pending} zone={zone} />}
    </>
  );
}

/** The archive that keeps nothing, else the first alarm; the storage page has them all. */
function RecorderNotice({ onStorage, pendingTold }: { onStorage: boolean; pendingTold: boolean }) {
  const recorder = useRecorder().data;
  if (!recorder) return null;
  const { state } = recorder.archive;
  const told = ({ kind, camera }: Alarm) => pendingTold && kind === LOWERED && camera === null;
  const alarms = recorder.alarms.filter((alarm) => !told(alarm)).sort((a, b) => rank(a) - rank(b));
  const show = !onStorage && (
    <Link className={buttonClass()} href={hrefOf({ view: "storage" })}>
      {text.banner.show}
    </Link>
  );
  if (state.phase !== "recording") {
    const title = state.title || text.archivePhases[state.phase];
    return <Notice tone="bad" title={title} detail={state.remedy} action={show} />;
  }
  const [first, ...more] = alarms;
  if (!first || onStorage) return null;
  const detail = [first.remedy, more.length > 0 ? text.banner.more(more.length) : ""].filter(Boolean).join(" ");
  return (
    <Notice tone={first.severity === "alarm" ? "bad" : "warn"} title={first.title} detail={detail} action={show} />
  );
}

/** The recorder's alarm about a lower depth that waits, which has a strip of its own with the way back. */
const LOWERED = "depth_lowered";
const rank = ({ severity }: Alarm) => (severity === "alarm" ? 0 : 1);

/** This browser has seen a signed record that the recorder no longer shows. */
function WitnessNotice() {
  const { broken } = useKept();
  if (!broken) return null;
  return (
    <Notice
      tone="bad"
      title={text.evidence.shrunk}
      detail={text.evidence.shrunkDetail(broken.ledger)}
      action={<Button onClick={acceptBroken}>{text.evidence.forget}</Button>}
    />
  );
}
