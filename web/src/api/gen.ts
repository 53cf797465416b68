// Made by web/gen/generate.py from the hub's OpenAPI document: never edited by hand.
// Moments are RFC 3339 text in UTC.

export type AddCamera = AddCameraFromTrial | AddCameraByUrl;

/** Add a camera by its RTSP address. */
export interface AddCameraByUrl {
  name: string;
  url: string;
  user?: string;
  password?: string;
  sub_url?: string;
  sound?: boolean;
}

/** Keep the camera that was tried. */
export interface AddCameraFromTrial {
  trial: string;
  name: string;
  sound?: boolean;
}

/** Keep footage from being deleted; with *force* also beyond the room that holds may take. */
export interface AddHold {
  cameras: string[];
  from: string;
  to: string;
  why: string;
  until?: string | null;
  force?: boolean;
}

/** Use a place: an empty one, or one with another recorder's footage, which is then gone on with or only read. */
export interface AddVolume {
  path: string;
  how: "add" | "adopt" | "read_only";
  name?: string | null;
}

/** Something a person must look after. */
export interface Alarm {
  id: string;
  kind: string;
  severity: "alarm" | "warning";
  since: string;
  title: string;
  remedy: string;
  volume: string | null;
  camera: string | null;
}

/** What is kept, and how safely. */
export interface Archive {
  oldest: string | null;
  depth_days: number;
  bytes: number;
  limit_bytes: number | null;
  state: ArchiveState;
  queue_s: number;
  unsynced_s: number;
}

/** Whether footage is being kept. */
export type ArchivePhase = "recording" | "live_only" | "failed";

/** How the archive is, with words for people (empty: nothing to do). */
export interface ArchiveState {
  phase: ArchivePhase;
  title: string;
  remedy: string;
}

/** A place where footage is kept. */
export interface ArchiveVolume {
  id: string;
  name: string;
  path: string;
  role: VolumeRole;
  state: VolumeState;
  title: string;
  remedy: string;
  progress: number | null;
  confirm: string;
  total_bytes: number;
  free_bytes: number;
  archive_bytes: number;
  held_bytes: number;
  oldest: string | null;
  file_system: string;
  disk: Disk | null;
  faults: Faults;
}

/** Audio codecs that we record, kept as sent. */
export type AudioCodec = "aac" | "pcma" | "pcmu" | "opus";

/** The sound that comes with a stream. */
export interface AudioStream {
  codec: AudioCodec;
  sample_rate: number;
  channels: number;
}

/**
 * A camera; addresses stand without user and password, *sub_url* is empty where there is none.
 *
 * *depth_days* is how long its footage is kept, null where it is as long as the recorder's.
 */
export interface Camera {
  id: string;
  name: string;
  enabled: boolean;
  sound: boolean;
  url: string;
  sub_url: string;
  user: string;
  added_at: string;
  depth_days: number | null;
  state: CameraState;
  streams: Streams;
}

/** A camera as it is now. */
export interface CameraChange {
  change: "camera";
  value: Camera | RemovedCamera;
}

/** How much of the time there is footage of a camera (0-1), and why not of the rest. */
export interface CameraCompleteness {
  camera: string;
  ratio: number;
  missing_s: number;
  reasons: MissingFor[];
}

/** How many cameras are online, of how many. */
export interface CameraCount {
  online: number;
  total: number;
}

/** How a camera is: *title* is a plain sentence, *remedy* what to do about it (empty: nothing), *kind* for programs. */
export interface CameraState {
  phase: Phase;
  since: string;
  title: string;
  remedy: string;
  kind: string;
  retry_at: string | null;
}

/** All cameras. */
export interface Cameras {
  items: Camera[];
}

/** What stands on the report. */
export interface Case {
  number: string;
  reason: string;
  officer: string;
}

/**
 * What shall be different; members left out stay as they are.
 *
 * A *depth_days* of null is the recorder's. A lower one than now needs *own_password*, the password of who asks
 * (*password* is the camera's).
 */
export interface ChangeCamera {
  name?: string | null;
  enabled?: boolean | null;
  sound?: boolean | null;
  url?: string | null;
  sub_url?: string | null;
  user?: string | null;
  password?: string | null;
  depth_days?: number | null;
  own_password?: string | null;
}

/** Another time-stamping service; empty: none. */
export interface ChangeEvidence {
  tsa_url: string;
}

export type ChangeMessage = CameraChange | RecorderChange | StorageChange | ExportChange | ConnectionChange;

/** Another depth (null: unlimited) or size limit (null: none). Lowering one needs the password of who asks. */
export interface ChangeStorage {
  depth_days?: number | null;
  size_limit_bytes?: number | null;
  password?: string | null;
}

/** Another name, or whether new footage goes there. */
export interface ChangeVolume {
  name?: string | null;
  role?: VolumeRole | null;
}

/** Whether the recorder's clock can be relied on: while it can't, nothing is deleted by age. */
export interface ClockTrust {
  trusted: boolean;
  title: string;
}

/** End a subscription; its number is free again. */
export interface Close {
  type: "close";
  subscription: number;
}

/** How whole the newest footage is. */
export interface Completeness {
  from: string;
  to: string;
  items: CameraCompleteness[];
}

/** Whether the recorder can be reached. */
export interface Connection {
  connected: boolean;
}

/** The way between hub and recorder opened or closed. */
export interface ConnectionChange {
  change: "connection";
  value: Connection;
}

/** Days with footage, as ``YYYY-MM-DD`` in the time zone asked for. */
export interface Days {
  items: string[];
}

/** How far back footage is kept: what is set (null: unlimited), and what there is. */
export interface Depth {
  days: number | null;
  current_days: number;
  pending: PendingDepth | null;
}

/** The device under a volume; without SMART its health is unknown, which is not the same as well. */
export interface Disk {
  device: string;
  model: string;
  serial: string;
  kind: "hdd" | "ssd" | "nvme" | "unknown";
  temperature_c: number | null;
  temperature_limit_c: number | null;
  smart: "ok" | "failing" | "unknown";
  smart_title: string;
}

/** A removable drive that exports can be written to. */
export interface Drive {
  id: string;
  name: string;
  path: string;
  free_bytes: number;
  file_system: string;
}

/** Removable drives that are plugged in. */
export interface Drives {
  items: Drive[];
}

/** A key that signs or has signed. */
export interface EarlierKey {
  id: string;
  since: string;
  until: string | null;
}

/** Playback has reached the end: the camera is not being recorded. */
export interface EndNote {
  type: "end";
  subscription: number;
}

/** What a range would give: seconds of footage, its holes, and what to know before (sentences). */
export interface EstimatedItem {
  camera: string;
  seconds: number;
  gaps: Gap[];
  codec: string | null;
  notices: string[];
}

/** What makes this recorder's footage provable; *chain* is PEM: the evidence certificate, then the root. */
export interface Evidence {
  recorder: string;
  root: EvidenceRoot;
  key: EvidenceKey;
  keys: EarlierKey[];
  newest_head: NewestHead | null;
  witnessed: Witnessed | null;
  tsa: TimeStamping;
  chain: string;
}

/** The key that signs now, and where it is kept. */
export interface EvidenceKey {
  id: string;
  since: string;
  kept_in: "file" | "pkcs11";
  title: string;
}

/** The certificate that all trust in this recorder's footage rests on. */
export interface EvidenceRoot {
  fingerprint: string;
  not_after: string;
}

/**
 * An export: *step* says in words what is being done, *title* and *remedy* what went wrong (empty: nothing).
 *
 * *progress* runs from 0 to 1. *bytes* is an estimate until the export is done; files, zip and report can be had then.
 */
export interface Export {
  id: string;
  name: string;
  by: string;
  made_at: string;
  state: ExportState;
  step: string;
  progress: number;
  bytes: number;
  bytes_done: number;
  title: string;
  remedy: string;
  items: ExportItem[];
  case: Case | null;
  hold: string | null;
  drive: string | null;
  files: ExportFile[];
  zip_bytes: number | null;
  zip_sha256: string | null;
  expires_at: string;
}

/** What stands on the report. */
export interface ExportCase {
  number: string;
  reason: string;
  officer: string;
}

/** An export as it is now; told at most once a second while it runs. */
export interface ExportChange {
  change: "export";
  value: Export | RemovedExport;
}

/** How large an export would become. */
export interface ExportEstimate {
  bytes: number;
  files: number;
  items: EstimatedItem[];
  notices: string[];
}

/** One MP4; *sha256* is of its bytes, *derived* marks a compatible copy, which proves nothing by itself. */
export interface ExportFile {
  number: number;
  name: string;
  camera: string;
  stream: StreamName;
  from: string;
  to: string;
  bytes: number;
  sha256: string;
  derived: boolean;
}

/** Hold the footage too, so that it is never deleted by the machine. */
export interface ExportHold {
  why: string;
  until?: string | null;
}

/** One range of an export. */
export interface ExportItem {
  camera: string;
  stream: StreamName;
  from: string;
  to: string;
  audio: boolean;
}

/** What shall be exported of one camera: 3 seconds to 24 hours; *to* may lie up to a minute ahead. */
export interface ExportRange {
  camera: string;
  stream?: StreamName;
  from: string;
  to: string;
  audio?: boolean;
}

/** Where an export stands. */
export type ExportState = "waiting" | "running" | "done" | "failed" | "cancelled";

/** All exports, the newest first. */
export interface Exports {
  items: Export[];
}

/** One fault of a volume. */
export interface Fault {
  at: string;
  what: string;
}

/** Faults of a volume within the last *window_s* seconds; at *threshold* it counts as failing. */
export interface Faults {
  count: number;
  threshold: number;
  window_s: number;
  recent: Fault[];
}

/** When the oldest footage will have to go. */
export interface Forecast {
  state: "learning" | "filling" | "recycling";
  full_at: string | null;
  bytes_per_day: number | null;
}

/** Use a volume no longer; nothing on it is changed. */
export interface ForgetVolume {
  password: string;
}

/** Delete all that is on a volume or device and make it ready for footage; *confirm* is the text shown for it. */
export interface FormatVolume {
  volume?: string | null;
  device?: string | null;
  file_system: "ext4" | "xfs" | "directory";
  name?: string | null;
  confirm: string;
  password: string;
}

/** A place that could become a volume. */
export interface Found {
  path: string;
  device: string;
  what: "empty" | "archive" | "other";
  title: string;
  total_bytes: number;
  free_bytes: number;
  archive: FoundArchive | null;
  confirm: string;
}

/** Footage of another recorder, or of an earlier life of this one. */
export interface FoundArchive {
  recorder: string;
  oldest: string | null;
  newest: string | null;
  bytes: number;
}

/** No footage, and why: *title* is a plain sentence. */
export interface Gap {
  from: string;
  to: string;
  reason: GapReason;
  title: string;
}

/** Between the two moments there is no footage. */
export interface GapNote {
  type: "gap";
  subscription: number;
  from: string;
  to: string;
  reason: GapReason;
  title: string;
}

/** Why there is no footage. */
export type GapReason =
  | "not_added"
  | "disabled"
  | "camera_lost"
  | "camera_refused"
  | "camera_silent"
  | "restart"
  | "disk"
  | "overload"
  | "clock"
  | "deleted"
  | "unknown";

/** The newest head of the recorder's ledger, and the text that it signs, for a witness to keep. */
export interface Heads {
  head: Record<string, unknown> | null;
  statement: string | null;
}

/** The hub answers. */
export interface Health {
  status: "ok";
}

/** Footage that is not deleted; *until* null: until somebody releases it. */
export interface Hold {
  id: string;
  cameras: string[];
  from: string;
  to: string;
  why: string;
  who: string;
  made_at: string;
  until: string | null;
  bytes: number;
  released: HoldRelease | null;
}

/** Who released a hold, and why. */
export interface HoldRelease {
  at: string;
  who: string;
  why: string | null;
}

/** All holds, those released too. */
export interface Holds {
  items: Hold[];
}

/** What holds take of the room they may take; *alarm_at*: when held footage alone would fill the drive. */
export interface HoldsUse {
  bytes: number;
  quota_bytes: number;
  alarm_at: string | null;
}

/** Sign in. */
export interface Login {
  user: string;
  password: string;
}

/** A new share; *url* holds its secret and is told this once. */
export interface MadeShare {
  share: Share;
  url: string;
}

/**
 * Make signed MP4s of these ranges, and a zip of them all; with *drive* also copied there.
 *
 * *compatible* adds a copy in H.264 where the original's codec is unusual; it is marked as derived.
 */
export interface MakeExport {
  items: ExportRange[];
  name?: string;
  compatible?: boolean;
  drive?: string | null;
  hold?: ExportHold | null;
  case?: ExportCase | null;
}

/** Make a link to an export that is done, for who has no login here. */
export interface MakeShare {
  expires_at: string;
  password?: string | null;
  note?: string;
}

export type MediaNote = OpenedNote | GapNote | SkippedNote | StateNote | EndNote | ProblemNote;

export type MediaRequest = OpenLive | OpenPlayback | Until | Close;

/** How long there was no footage for one reason. */
export interface MissingFor {
  reason: GapReason;
  seconds: number;
}

/** A place in the footage worth going to; *reason* says why there is a gap. */
export interface Moment {
  at: string | null;
  reason?: GapReason | null;
}

/** The newest signature over the archive, and up to when it covers footage. */
export interface NewestHead {
  at: string;
  segments_to: string | null;
}

/** Show what happens now. */
export interface OpenLive {
  type: "open";
  subscription: number;
  camera: string;
  stream: StreamName;
  mode: "live";
  audio?: boolean;
}

/** Show what was, from the key frame at or before *from* up to *until*; back to *until* where *speed* is negative. */
export interface OpenPlayback {
  type: "open";
  subscription: number;
  camera: string;
  stream: StreamName;
  mode: "playback";
  from: string;
  until: string;
  audio?: boolean;
  speed?: number;
  frames?: "all" | "key" | null;
}

/** Open a link by the secret that stands behind its ``#``. */
export interface OpenShared {
  secret: string;
  password?: string | null;
}

/** Look at a camera before it is kept. */
export interface OpenTrial {
  url: string;
  user?: string;
  password?: string;
  sub_url?: string;
}

/** Media follows: media time 0 is *origin_us*; comes again when the format or the origin changes. */
export interface OpenedNote {
  type: "opened";
  subscription: number;
  origin_us: number;
  camera: string;
  stream: StreamName;
  tracks: Record<string, TrackNote>;
}

/** Somebody opened the link. */
export interface Opening {
  at: string;
  address: string;
  agent: string;
}

/** A lower depth or size limit that waits: what it will delete, and when. What stays as it is is null. */
export interface PendingDepth {
  days: number | null;
  size_limit_bytes?: number | null;
  at: string;
  bytes: number;
  from: string | null;
  to: string | null;
}

/** What a camera's connection is doing. */
export type Phase = "online" | "connecting" | "waiting" | "disabled";

/** A problem document (RFC 9457): *title* is a sentence for a person, *detail* what to do about it. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  detail?: string | null;
  field?: string | null;
  [further: string]: unknown;
}

/** Something is wrong with a subscription, or with the request (subscription 0). */
export interface ProblemNote {
  type: "problem";
  subscription: number;
  problem: Problem;
}

/** The recorder as a whole. */
export interface Recorder {
  id: string;
  name: string;
  version: string;
  started_at: string;
  uptime_s: number;
  time_zone: string;
  cameras: CameraCount;
  archive: Archive;
  volume: Volume | null;
  alarms: Alarm[];
}

/** The recorder as it is now. */
export interface RecorderChange {
  change: "recorder";
  value: Recorder;
}

/** Let footage be deleted again when its time comes. */
export interface ReleaseHold {
  password: string;
  why?: string | null;
}

/** A camera that is there no more. */
export interface RemovedCamera {
  id: string;
  removed: true;
}

/** An export that is there no more. */
export interface RemovedExport {
  id: string;
  removed: true;
}

/** Sign with a new key from now on. */
export interface RotateKey {
  password: string;
}

/** One place where a person is signed in. */
export interface Session {
  id: string;
  created_at: string;
  last_seen_at: string;
  expires_at: string;
  user_agent: string;
  current: boolean;
}

/** Whether the owner must still be made, and who is signed in. */
export interface SessionState {
  setup_required: boolean;
  user: User | null;
}

/** Where the person asking is signed in. */
export interface Sessions {
  items: Session[];
}

/** Make the owner with the one-time set-up code. */
export interface Setup {
  code: string;
  user: string;
  password: string;
}

/** A link to an export; *password* says whether it asks for one. */
export interface Share {
  id: string;
  export: string;
  note: string;
  made_at: string;
  expires_at: string;
  revoked_at: string | null;
  password: boolean;
  openings: Opening[];
}

/** What a link leads to, until *expires_at*. */
export interface Shared {
  name: string;
  expires_at: string;
  files: ExportFile[];
  zip_bytes: number | null;
}

/** All links, the newest first. */
export interface Shares {
  items: Share[];
}

/** The reader was slow: it goes on at a key frame. */
export interface SkippedNote {
  type: "skipped";
  subscription: number;
}

/** Footage without a hole. */
export interface Span {
  from: string;
  to: string;
  kind: SpanKind;
}

/** What made the recorder keep it. */
export type SpanKind = "continuous";

/** The camera's state changed. */
export interface StateNote {
  type: "state";
  subscription: number;
  state: CameraState;
}

/** Where footage is kept, for how long, and how well. */
export interface Storage {
  icon: StorageIcon;
  title: string;
  remedy: string;
  depth: Depth;
  size_limit_bytes: number | null;
  forecast: Forecast;
  clock: ClockTrust;
  holds: HoldsUse;
  queue_s: number;
  unsynced_s: number;
  volumes: ArchiveVolume[];
  found: Found[];
  alarms: Alarm[];
}

/** Storage as it is now. */
export interface StorageChange {
  change: "storage";
  value: Storage;
}

/** How storage is at a glance (the device's icon). */
export type StorageIcon = "connected" | "not_connected" | "formatting" | "needs_format" | "faults";

/** What a camera sends. */
export interface Stream {
  codec: VideoCodec;
  codec_string: string;
  width: number;
  height: number;
  fps: number | null;
  bits_per_second: number | null;
  audio: AudioStream | null;
  lost_packets: number;
  recording: boolean;
}

/** A camera's streams: main is recorded and shown large, sub is for walls, detection and thumbnails. */
export type StreamName = "main" | "sub";

/** A camera's streams, null where there is none or it has not come yet. */
export interface Streams {
  main: Stream | null;
  sub: Stream | null;
}

/** The time-stamping service (RFC 3161); *url* is empty where there is none. */
export interface TimeStamping {
  url: string;
  state: "off" | "ok" | "failing";
  title: string;
}

/** What there is between two moments: every moment since the camera was added is in a span or a gap. */
export interface Timeline {
  from: string;
  to: string;
  spans: Span[];
  gaps: Gap[];
}

/** The session's secret: also set as a cookie; scripts send it as ``Authorization: Bearer``. */
export interface Token {
  token: string;
}

/** One track of a subscription: video has a size, audio a rate. */
export interface TrackNote {
  codec: string;
  codec_string: string;
  width?: number | null;
  height?: number | null;
  sample_rate?: number | null;
  channels?: number | null;
}

/** A camera that is being tried: live under its id, forgotten 120 s after it was last read. */
export interface Trial {
  id: string;
  state: CameraState;
  streams: Streams;
}

/** Go on sending a playback up to *until*. */
export interface Until {
  type: "until";
  subscription: number;
  until: string;
}

/** Who is signed in. */
export interface User {
  name: string;
}

/** Video codecs that we record. */
export type VideoCodec = "h264" | "h265" | "mjpeg";

/** The disk under the archive. */
export interface Volume {
  total_bytes: number;
  free_bytes: number;
}

/** Whether new footage goes there. */
export type VolumeRole = "record" | "read_only";

/** How a volume is. */
export type VolumeState =
  | "ok"
  | "error"
  | "needs_format"
  | "formatting"
  | "not_installed"
  | "swapped"
  | "read_only"
  | "full"
  | "slow";

/** The page has kept the head with this id. */
export interface Witness {
  head: string;
}

/** When something outside the recorder last took note of a head. */
export interface Witnessed {
  at: string;
  by: string;
}
