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

/** Audio codecs that we record, kept as sent. */
export type AudioCodec = "aac" | "pcma" | "pcmu";

/** The sound that comes with a stream. */
export interface AudioStream {
  codec: AudioCodec;
  sample_rate: number;
  channels: number;
}

/** A camera; addresses stand without user and password, *sub_url* is empty where there is none. */
export interface Camera {
  id: string;
  name: string;
  enabled: boolean;
  sound: boolean;
  url: string;
  sub_url: string;
  user: string;
  added_at: string;
  state: CameraState;
  streams: Streams;
}

/** A camera as it is now. */
export interface CameraChange {
  change: "camera";
  value: Camera | RemovedCamera;
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

/** What shall be different; members left out stay as they are. */
export interface ChangeCamera {
  name?: string | null;
  enabled?: boolean | null;
  sound?: boolean | null;
  url?: string | null;
  sub_url?: string | null;
  user?: string | null;
  password?: string | null;
}

export type ChangeMessage = CameraChange | RecorderChange | ConnectionChange;

/** End a subscription; its number is free again. */
export interface Close {
  type: "close";
  subscription: number;
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

/** Playback has reached the end: the camera is not being recorded. */
export interface EndNote {
  type: "end";
  subscription: number;
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

/** The hub answers. */
export interface Health {
  status: "ok";
}

/** Sign in. */
export interface Login {
  user: string;
  password: string;
}

export type MediaNote = OpenedNote | GapNote | SkippedNote | StateNote | EndNote | ProblemNote;

export type MediaRequest = OpenLive | OpenPlayback | Until | Close;

/** Show what happens now. */
export interface OpenLive {
  type: "open";
  subscription: number;
  camera: string;
  stream: StreamName;
  mode: "live";
  audio?: boolean;
}

/** Show what was, from the key frame at or before *from* up to *until*. */
export interface OpenPlayback {
  type: "open";
  subscription: number;
  camera: string;
  stream: StreamName;
  mode: "playback";
  from: string;
  until: string;
  audio?: boolean;
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
}

/** The recorder as it is now. */
export interface RecorderChange {
  change: "recorder";
  value: Recorder;
}

/** A camera that is there no more. */
export interface RemovedCamera {
  id: string;
  removed: true;
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
export type VideoCodec = "h264" | "h265";

/** The disk under the archive. */
export interface Volume {
  total_bytes: number;
  free_bytes: number;
}
