import type { Report, ReportedStream, Stream, Trial } from "../../api/gen";
import { useZone } from "../../api/queries";
import { Card, Facts } from "../../design/Page";
import { text } from "../../text/en";
import { bitrate, calendarDate, codecName, duration, frameRate } from "../../text/format";
import { parseMoment } from "../../text/time";
import styles from "./Devices.module.css";

const t = text.devices.report;
/** A clock within this is as good as right. */
const IN_STEP_S = 1;

/** What a camera says of itself, and what was measured of it. */
export function ReportCard({ trial }: { trial: Trial }) {
  const zone = useZone();
  const { report } = trial;
  return (
    <Card title={t.title}>
      {report && <Facts items={factsOf(report, zone).filter(({ value }) => value !== "")} />}
      <Streams trial={trial} />
    </Card>
  );
}

function factsOf(report: Report, zone: string) {
  const { clock, storage } = report;
  const off = clock !== null && Math.abs(clock.offset_s) > IN_STEP_S;
  return [
    { name: t.maker, value: text.devices.maker(report.make, report.model) },
    { name: t.firmware, value: report.firmware },
    { name: t.serial, value: report.serial },
    { name: t.mac, value: report.mac },
    { name: t.address, value: report.address },
    { name: t.how, value: text.devices.discovery.kinds[report.how] },
    { name: t.login, value: t.authentications[report.authentication] ?? report.authentication },
    { name: t.clock, value: clock === null ? "" : clockWords(clock), tone: off ? ("warn" as const) : undefined },
    { name: t.can, value: sentence(abilities(report).join(", ")) },
    { name: t.card, value: storage === null ? "" : cardWords(storage, zone) },
  ];
}

function clockWords({ offset_s, zone, source }: NonNullable<Report["clock"]>): string {
  const by = duration(Math.abs(offset_s));
  const step = Math.abs(offset_s) <= IN_STEP_S ? t.inStep : offset_s > 0 ? t.ahead(by) : t.behind(by);
  // A zone comes as POSIX writes it ("CET-1CEST,M3.5.0,M10.5.0/3"): its name says enough.
  const name = /^<?([A-Za-z]{3,}|[+-]\d+)/.exec(zone)?.[1] ?? "";
  return [step, name, source === null ? "" : t.clockSource[source]].filter((word) => word !== "").join(" · ");
}

const sentence = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

function abilities(report: Report): string[] {
  const { events, inputs, relays } = report;
  return [
    report.channels.some(({ ptz }) => ptz) && t.abilities.ptz,
    report.talk && t.abilities.talk,
    events.length > 0 && t.abilities.events(events.length),
    report.metadata && t.abilities.metadata,
    report.analytics && t.abilities.analytics,
    inputs > 0 && t.abilities.inputs(inputs),
    relays > 0 && t.abilities.relays(relays),
  ].filter((word) => word !== false);
}

function cardWords({ recordings, oldest, newest }: NonNullable<Report["storage"]>, zone: string): string {
  const ends = [oldest, newest].map((moment) => (moment === null ? null : parseMoment(moment)));
  const days = ends.filter((us) => us !== null).map((us) => calendarDate(us, zone));
  return [t.recordings(recordings), days.join(" – ")].filter((word) => word !== "").join(", ");
}

function Streams({ trial }: { trial: Trial }) {
  const channel = trial.report?.channels.find(({ channel }) => channel === trial.channel) ?? trial.report?.channels[0];
  const rows = (["main", "sub"] as const)
    .map((name) => ({ name, says: channel?.[name] ?? null, measured: trial.streams[name] }))
    .filter(({ says, measured }) => says !== null || measured !== null);
  if (rows.length === 0) return <p className={styles.detail}>{text.camera.noStreams}</p>;
  return (
    <table className={styles.streams}>
      <caption className="visually-hidden">{t.streams}</caption>
      <thead>
        <tr>
          <th scope="col">{t.stream}</th>
          <th scope="col">{t.states}</th>
          <th scope="col">{t.measured}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, says, measured }) => (
          <tr key={name}>
            <th scope="row">{text.streams[name]}</th>
            <td>{says === null ? "" : <Lines words={saidWords(says)} />}</td>
            <td>{measured === null ? t.notYet : <Lines words={measuredWords(measured)} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const Lines = ({ words }: { words: string[] }) => words.map((word) => <div key={word}>{word}</div>);

function saidWords({ codec, width, height, fps, bits_per_second, key_frame_s, audio }: ReportedStream): string[] {
  const size = width !== null && height !== null;
  return [
    size ? text.streams.picture(codecName(codec), width, height) : codecName(codec),
    [fps === null ? "" : frameRate(fps), bits_per_second === null ? "" : bitrate(bits_per_second)]
      .filter((word) => word !== "")
      .join(", "),
    key_frame_s === null ? "" : t.keyFrame(key_frame_s),
    audio === null ? "" : codecName(audio),
  ].filter((word) => word !== "");
}

function measuredWords(stream: Stream): string[] {
  const { codec, width, height, fps, bits_per_second, audio } = stream;
  return [
    text.streams.picture(codecName(codec), width, height),
    [fps === null ? "" : frameRate(fps), bits_per_second === null ? t.notYet : bitrate(bits_per_second)]
      .filter((word) => word !== "")
      .join(", "),
    audio === null ? "" : text.streams.audio(codecName(audio.codec), audio.sample_rate / 1000),
  ].filter((word) => word !== "");
}
