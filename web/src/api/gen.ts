// Made by web/gen/generate.py from the hub's OpenAPI document: never edited by hand.
// Moments are RFC 3339 text in UTC.

/** Do one of the actions of the settings document. */
export interface ActOnCamera {
  action: string;
}

/** What was done, in words. */
export interface Acted {
  title: string;
}

export type AddCamera = AddCameraFromTrial | AddCameraByAddress | AddCameraByUrl;

/** Add an ONVIF camera by its host, host and port, or device service; its first channel is taken. */
export interface AddCameraByAddress {
  name: string;
  address: string;
  user?: string;
  password?: string;
  sound?: boolean;
  allow_basic?: boolean;
}

/** Add a camera by its RTSP address. */
export interface AddCameraByUrl {
  name: string;
  url: string;
  user?: string;
  password?: string;
  sub_url?: string;
  sound?: boolean;
  transport?: Transport | null;
  fingerprint?: string | null;
  allow_basic?: boolean;
}

/** Keep the channel of a trial that is being watched. */
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

/** Add many cameras; each is tried with at most two logins. */
export interface AddMany {
  items: BatchItem[];
  logins?: BatchLogin[];
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

/** A part of the picture, as corners from its top left (0 to 1), that is hidden. */
export interface Area {
  points: [number, number][];
  kind: "color" | "blur" | "pixels";
  enabled: boolean;
}

/** Audio codecs that we record, kept as sent. */
export type AudioCodec = "aac" | "pcma" | "pcmu" | "opus";

/** The sound that comes with a stream. */
export interface AudioStream {
  codec: AudioCodec;
  sample_rate: number;
  channels: number;
}

/** Many cameras at once: *done* of *total* have their result. */
export interface Batch {
  id: string;
  kind: "add" | "settings";
  state: "running" | "done" | "stopped";
  done: number;
  total: number;
  items: BatchResult[];
}

/** One of many cameras to add. */
export interface BatchItem {
  address: string;
  name: string;
  user?: string | null;
  password?: string | null;
  channel?: string | null;
  sub_url?: string | null;
  sound?: boolean | null;
}

/** A login that is tried on the cameras without one of their own. */
export interface BatchLogin {
  user: string;
  password: string;
}

/** How one camera of many went. */
export interface BatchResult {
  address: string;
  name: string;
  state: BatchState;
  camera: string | null;
  title: string;
  remedy: string;
  results: SettingResult[];
}

/** How far one of many is. */
export type BatchState = "waiting" | "running" | "done" | "already" | "failed" | "stopped";

/**
 * A camera; addresses stand without user and password, *sub_url* is empty where there is none.
 *
 * *depth_days* is how long its footage is kept, null where it is as long as the recorder's; *clock_offset_s* is its
 * clock minus the recorder's, null where it is not known. What a camera does not tell of itself is empty.
 */
export interface Camera {
  id: string;
  kind: CameraKind;
  name: string;
  enabled: boolean;
  sound: boolean;
  url: string;
  sub_url: string;
  user: string;
  added_at: string;
  depth_days: number | null;
  make: string;
  model: string;
  firmware: string;
  serial: string;
  mac: string;
  uuid: string;
  host: string;
  transport: Transport;
  allow_basic: boolean;
  fingerprint: string;
  ptz: boolean;
  clock_offset_s: number | null;
  state: CameraState;
  device: DeviceState;
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

/**
 * Something that happened, by the recorder's time; *until* is null while it lasts, *at* where it has no end.
 *
 * *camera_at* is what the camera's own clock said, *topic*, *source* and *data* are what it wrote.
 */
export interface CameraEvent {
  id: string;
  camera: string;
  kind: EventKind;
  title: string;
  at: string;
  until: string | null;
  camera_at: string | null;
  received_at: string;
  topic: string;
  source: Record<string, string>;
  data: Record<string, string>;
  classes: string[];
  by: "camera" | "recorder";
}

/** Events, the newest first; *next* is where the list goes on (`before`), null at its end. */
export interface CameraEvents {
  items: CameraEvent[];
  next: string | null;
}

/** How a camera is spoken to. */
export type CameraKind = "onvif" | "rtsp";

/** What a camera reports of itself now: nothing that it does not have. */
export interface CameraSettings {
  camera: string;
  read_at: string;
  parts: SettingPart[];
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

/** What the camera has recorded by itself. */
export interface CardStorage {
  recordings: number;
  oldest: string | null;
  newest: string | null;
}

/** What stands on the report. */
export interface Case {
  number: string;
  reason: string;
  officer: string;
}

/** The certificate that a camera showed. */
export interface Certificate {
  fingerprint: string;
  subject: string;
  not_after: string | null;
}

/**
 * What shall be different; members left out stay as they are.
 *
 * A *depth_days* of null is the recorder's. A lower one than now needs *own_password*, the password of who asks
 * (*password* is the camera's). *allow_basic* lets that be sent readable to a camera that asks for it so. *accept* takes the certificate, or the device, that is there now for the right one.
 */
export interface ChangeCamera {
  name?: string | null;
  enabled?: boolean | null;
  sound?: boolean | null;
  url?: string | null;
  sub_url?: string | null;
  user?: string | null;
  password?: string | null;
  transport?: Transport | null;
  allow_basic?: boolean | null;
  depth_days?: number | null;
  accept?: "certificate" | "identity" | null;
  own_password?: string | null;
}

/** Another time-stamping service; empty: none. */
export interface ChangeEvidence {
  tsa_url: string;
}

export type ChangeMessage =
  | CameraChange
  | RecorderChange
  | StorageChange
  | ExportChange
  | EventChange
  | ConnectionChange;

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

/** What can be steered on a camera, and how it stands. */
export interface Controls {
  ptz: Ptz | null;
  focus: Focus | null;
  relays: Relay[];
  inputs: DigitalInput[];
  talk: boolean;
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

/** A camera's clock; *offset_s* is the camera's time minus the recorder's. */
export interface DeviceClock {
  offset_s: number;
  zone: string;
  source: "ntp" | "manual" | null;
}

/** What the ONVIF side of a camera is doing; none where it has no such side. */
export type DevicePhase = "none" | "connecting" | "setting_up" | "online" | "waiting";

/** How the ONVIF side of a camera is: settings, events and steering go through it, pictures do not. */
export interface DeviceState {
  phase: DevicePhase;
  since: string;
  title: string;
  remedy: string;
  kind: string;
  retry_at: string | null;
}

/** An input. */
export interface DigitalInput {
  input: string;
  name: string;
  active: boolean | null;
}

/** A search for cameras: the same for everybody who looks. *progress* goes from 0 to 1. */
export interface Discovery {
  state: "searching" | "done" | "stopped";
  started_at: string | null;
  progress: number;
  title: string;
  remedy: string;
  networks: SearchedNetwork[];
  items: FoundDevice[];
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

/** An event as it begins, and again as it ends. Unlike the rest it is told only to who listens then. */
export interface EventChange {
  change: "event";
  value: CameraEvent;
}

/** What an event is about. */
export type EventKind =
  | "motion"
  | "person"
  | "pet"
  | "vehicle"
  | "face"
  | "plate"
  | "object"
  | "line"
  | "area"
  | "loitering"
  | "tamper"
  | "blur"
  | "dark"
  | "bright"
  | "audio"
  | "input"
  | "relay"
  | "storage"
  | "network"
  | "device"
  | "state"
  | "other";

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

/** How a setting is shown. */
export type FieldKind = "choice" | "number" | "switch" | "text" | "areas";

/** What can be done about a trouble at once. */
export type FixName =
  | "login"
  | "set_password"
  | "create_user"
  | "accept_certificate"
  | "allow_basic"
  | "set_clock"
  | "h264"
  | "key_frames";

/** Do something about a trouble; *user* and *password* go with those that set them, *fingerprint* is accepted. */
export interface FixTrial {
  fix: FixName;
  user?: string | null;
  password?: string | null;
  fingerprint?: string | null;
}

/** How a camera can be focussed; *auto*: whether it does so itself. */
export interface Focus {
  move: boolean;
  to: boolean;
  by: boolean;
  auto: boolean | null;
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

/**
 * A camera in the network; *address* is for people and for a trial, *added* are the cameras that it already is.
 *
 * *gone* says that it has taken its leave since.
 */
export interface FoundDevice {
  id: string;
  kind: CameraKind;
  name: string;
  make: string;
  model: string;
  hardware: string;
  address: string;
  host: string;
  mac: string;
  uuid: string;
  secure: boolean;
  added: string[];
  gone: boolean;
  seen_at: string;
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

/** Keep channels of the device that was tried. */
export interface KeepTrial {
  channels: KeptChannel[];
}

/** The cameras that were made. */
export interface KeptCameras {
  items: Camera[];
}

/** One channel that becomes a camera. */
export interface KeptChannel {
  channel: string;
  name: string;
  sound?: boolean;
}

/** Sign in. */
export interface Login {
  user: string;
  password: string;
}

/** The search for all cameras that can't be reached. */
export interface Lost {
  state: "searching" | "done";
  started_at: string | null;
  items: LostCamera[];
}

/** A camera that can't be reached, looked for by who it is. */
export interface LostCamera {
  camera: string;
  name: string;
  state: "looking" | "found" | "not_found";
  address: string;
  by: "uuid" | "serial" | "mac" | null;
  title: string;
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

/** A place in the footage worth going to; *reason* says why there is a gap, where it is one. */
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

/** Look at a camera before it is kept: *address* is as typed, found, or read from its QR code. */
export interface OpenTrial {
  address: string;
  user?: string;
  password?: string;
  sub_url?: string;
  transport?: Transport | null;
  fingerprint?: string | null;
  allow_basic?: boolean;
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

/** Where a camera looks: pan and tilt from -1 to 1, zoom from 0 to 1, as far as it says so. */
export interface Position {
  pan: number | null;
  tilt: number | null;
  zoom: number | null;
}

/** A place that a camera can look at by name. */
export interface Preset {
  preset: string;
  name: string;
}

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

/** How a camera can be turned: with a speed (*move*), *to* a position, *by* a way. */
export interface Ptz {
  move: boolean;
  zoom: boolean;
  to: boolean;
  by: boolean;
  home: boolean;
  presets: Preset[];
  most_presets: number;
  position: Position | null;
  moving: boolean | null;
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

/** An output; one that is not *bistable* falls back by itself. */
export interface Relay {
  relay: string;
  name: string;
  active: boolean | null;
  bistable: boolean;
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

/** Removed cameras of which footage is left. */
export interface RemovedCameras {
  items: RemovedFootage[];
}

/** An export that is there no more. */
export interface RemovedExport {
  id: string;
  removed: true;
}

/** A camera that was removed, of which footage is left. */
export interface RemovedFootage {
  id: string;
  name: string;
  added_at: string;
  removed_at: string;
  oldest: string | null;
  newest: string | null;
  bytes: number;
}

/** What a camera is and can do, as it says itself. */
export interface Report {
  how: CameraKind;
  make: string;
  model: string;
  firmware: string;
  hardware: string;
  serial: string;
  mac: string;
  uuid: string;
  name: string;
  address: string;
  authentication: string;
  certificate: Certificate | null;
  clock: DeviceClock | null;
  channels: ReportedChannel[];
  events: string[];
  inputs: number;
  relays: number;
  talk: boolean;
  metadata: boolean;
  analytics: boolean;
  storage: CardStorage | null;
}

/** One picture of a device that may have several; *added* is the camera that it already is. */
export interface ReportedChannel {
  channel: string;
  name: string;
  main: ReportedStream | null;
  sub: ReportedStream | null;
  ptz: boolean;
  added: string | null;
}

/** A stream as the camera states it; there is no login in *uri*. */
export interface ReportedStream {
  profile: string;
  uri: string;
  codec: string;
  width: number | null;
  height: number | null;
  fps: number | null;
  bits_per_second: number | null;
  key_frame_s: number | null;
  audio: string | null;
}

/** Sign with a new key from now on. */
export interface RotateKey {
  password: string;
}

/** A network that was searched, and how: by asking all at once (*multicast*), or address by address (*scanned*). */
export interface SearchedNetwork {
  interface: string;
  network: string;
  multicast: boolean;
  scanned: boolean;
  title: string;
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

/** Write the same settings to many cameras. */
export interface SetMany {
  cameras: string[];
  settings: Record<string, Record<string, boolean | number | string | Area[]>>;
}

/** Something that a camera can be told to do; *confirm* is what to ask first. */
export interface SettingAction {
  id: string;
  title: string;
  confirm: string | null;
}

/** A value that a setting may have, and what people call it. */
export interface SettingChoice {
  value: boolean | number | string;
  title: string;
}

/** One setting of a camera; what is *locked* can only be read. For areas *most* says how many there may be. */
export interface SettingField {
  id: string;
  title: string;
  kind: FieldKind;
  value: boolean | number | string | Area[] | null;
  choices: SettingChoice[];
  least: number | null;
  most: number | null;
  step: number | null;
  unit: string;
  locked: boolean;
  hint: string;
}

/** Settings that belong together: a stream, the picture, one text in it, masks, sound, clock, device. */
export interface SettingPart {
  id: string;
  title: string;
  hint: string;
  fields: SettingField[];
  actions: SettingAction[];
}

/** What became of one field: read back from the camera, which may have chosen another value or refused. */
export interface SettingResult {
  part: string;
  field: string;
  wanted: boolean | number | string | Area[] | null;
  became: boolean | number | string | Area[] | null;
  ok: boolean;
  title: string;
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

/** Focus the camera; *value* is a speed, a position or a way. */
export interface SteerFocus {
  do: "move" | "stop" | "to" | "by" | "auto" | "manual";
  value?: number | null;
}

/** Turn the camera. A *move* ends by itself after 2 s unless it is said again. */
export interface SteerPtz {
  do: "move" | "stop" | "to" | "by" | "preset" | "set_preset" | "remove_preset" | "home" | "set_home";
  pan?: number | null;
  tilt?: number | null;
  zoom?: number | null;
  preset?: string | null;
  name?: string | null;
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

/** Put the device that is being tried in the place of a camera, whose archive and settings stay. */
export interface SwapCamera {
  trial: string;
  channel: string;
}

/** Switch an output. */
export interface SwitchRelay {
  relay: string;
  active: boolean;
}

/** The way to a camera's loudspeaker: it takes this codec; one at a time a camera. */
export interface Talk {
  talk: string;
  codec: string;
  sample_rate: number;
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

/** How a camera's media come. */
export type Transport = "automatic" | "udp" | "http";

/** A camera that is being tried: live under its id once *step* is ready, forgotten 120 s after it was last read. */
export interface Trial {
  id: string;
  kind: CameraKind | null;
  step: TrialStep;
  title: string;
  remedy: string;
  since: string;
  problems: Trouble[];
  tries_left: number;
  report: Report | null;
  channel: string | null;
  state: CameraState;
  streams: Streams;
}

/** Another login; the third and later ones only with *again*, since cameras lock out who guesses. */
export interface TrialLogin {
  user: string;
  password: string;
  again?: boolean;
}

/** What a trial is doing. */
export type TrialStep = "looking" | "connecting" | "reading" | "ready" | "failed";

/** Something about a camera that its owner should know; *minutes* is how long a lock-out still lasts. */
export interface Trouble {
  id: string;
  severity: "error" | "warning" | "info";
  title: string;
  remedy: string;
  fix: FixName | null;
  minutes: number | null;
  channel: string | null;
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

/** Show another channel of the device. */
export interface WatchChannel {
  channel: string;
}

/** The page has kept the head with this id. */
export interface Witness {
  head: string;
}

/** When something outside the recorder last took note of a head. */
export interface Witnessed {
  at: string;
  by: string;
}

/** What shall be different, by part and field. */
export interface WriteSettings {
  settings: Record<string, Record<string, boolean | number | string | Area[]>>;
}

/** The settings as they are now, and what became of each that was written. */
export interface WrittenSettings {
  settings: CameraSettings;
  results: SettingResult[];
}
