import { useEvidence, useStorage } from "../../api/archive_queries";
import type { Evidence } from "../../api/gen";
import { useCameras, useRecorder, useZone } from "../../api/queries";
import { Button, buttonClass } from "../../design/Button";
import { Facts } from "../../design/Page";
import { Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { bytes, calendarDate, codecName, dateAndTime, zoneName } from "../../text/format";
import { parseMoment, SECOND_US } from "../../text/time";
import { Link } from "../shell/navigation";
import { hrefOf } from "../shell/routes";
import { Fingerprint } from "./Fingerprint";
import styles from "./Sheet.module.css";
import { useClockCheck } from "./useClockCheck";

const t = text.evidence.commissioning;

/** What is printed when the system is handed over: with it anyone can check later whose recordings they hold. */
export function SheetPage() {
  const evidence = useEvidence().data;
  return (
    <div className={styles.page}>
      <div className={styles.bar}>
        <Link className={buttonClass()} href={hrefOf({ view: "evidence" })}>
          {t.back}
        </Link>
        <Button tone="primary" icon="print" onClick={() => window.print()}>
          {t.print}
        </Button>
      </div>
      <p className={styles.bar}>{t.intro}</p>
      {evidence ? <Sheet evidence={evidence} /> : <Skeleton label={text.shell.loading} lines={8} />}
    </div>
  );
}

function Sheet({ evidence }: { evidence: Evidence }) {
  const recorder = useRecorder().data;
  const zone = useZone();
  const nowUs = useClockCheck().data?.recorderUs;
  return (
    <article className={styles.sheet}>
      <header className={styles.head}>
        <h1>{t.title}</h1>
        {nowUs !== undefined && <p>{dateAndTime(nowUs, zone)}</p>}
      </header>
      <section>
        <h2>{t.recorder}</h2>
        <Facts
          items={[
            { name: t.name, value: recorder?.name ?? t.notKnown },
            { name: t.id, value: evidence.recorder },
            { name: t.software, value: recorder ? `Tawny ${recorder.version}` : t.notKnown },
            { name: t.zone, value: nowUs === undefined ? zone : zoneName(zone, nowUs) },
            { name: t.key, value: <code>{evidence.key.id}</code> },
          ]}
        />
      </section>
      <section>
        <h2>{t.certificate}</h2>
        <Fingerprint value={evidence.root.fingerprint} />
      </section>
      <Cameras zone={zone} />
      <Drives />
      <Clocks zone={zone} />
      <section>
        <h2>{t.sign}</h2>
        <div className={styles.lines}>
          {[t.reference, t.place, t.installer, t.owner].map((label) => (
            <p key={label} className={styles.line}>
              {label}
            </p>
          ))}
        </div>
      </section>
    </article>
  );
}

function Cameras({ zone }: { zone: string }) {
  const cameras = useCameras().data ?? [];
  if (cameras.length === 0) return null;
  return (
    <section>
      <h2>{t.cameras}</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t.camera}</th>
            <th scope="col">{t.address}</th>
            <th scope="col">{t.streams}</th>
            <th scope="col">{t.added}</th>
          </tr>
        </thead>
        <tbody>
          {cameras.map(({ id, name, url, streams: { main }, added_at }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>{url}</td>
              <td>{main ? text.streams.picture(codecName(main.codec), main.width, main.height) : t.notKnown}</td>
              <td>{calendarDate(parseMoment(added_at) ?? 0, zone)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Drives() {
  const volumes = useStorage().data?.volumes ?? [];
  if (volumes.length === 0) return null;
  return (
    <section>
      <h2>{t.drives}</h2>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t.name}</th>
            <th scope="col">{t.drive}</th>
            <th scope="col">{t.serial}</th>
            <th scope="col">{t.size}</th>
          </tr>
        </thead>
        <tbody>
          {volumes.map(({ id, name, disk, total_bytes }) => (
            <tr key={id}>
              <th scope="row">{name}</th>
              <td>{disk?.model || t.noSerial}</td>
              <td>{disk?.serial || t.noSerial}</td>
              <td>{bytes(total_bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Clocks({ zone }: { zone: string }) {
  const check = useClockCheck().data;
  if (!check) return null;
  const ahead = (check.recorderUs - check.browserUs) / SECOND_US;
  return (
    <section>
      <h2>{t.clock}</h2>
      <Facts
        items={[
          { name: t.recorderClock, value: dateAndTime(check.recorderUs, zone) },
          { name: t.browserClock, value: dateAndTime(check.browserUs, zone) },
          { name: t.difference, value: `${t.seconds(ahead)} (± ${t.seconds(check.uncertainUs / SECOND_US)})` },
        ]}
      />
    </section>
  );
}
