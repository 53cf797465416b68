import type { PreviewRequest } from "../player";
import { text } from "../text/en";
import { formatMoment } from "../text/time";
import { type EventsWanted, eventsQuery } from "./events_wanted";
import { readProblem, type Result } from "./result";
import type {
  Acted,
  AddCamera,
  AddHold,
  AddMany,
  AddVolume,
  Batch,
  Camera,
  CameraEvents,
  CameraSettings,
  Cameras,
  ChangeCamera,
  ChangeEvidence,
  ChangeStorage,
  ChangeVolume,
  Completeness,
  Controls,
  Days,
  Discovery,
  Drives,
  Evidence,
  Export,
  ExportEstimate,
  Exports,
  FixTrial,
  FormatVolume,
  Heads,
  Hold,
  Holds,
  KeepTrial,
  KeptCameras,
  Lost,
  MadeShare,
  MakeExport,
  MakeShare,
  Moment,
  OpenShared,
  OpenTrial,
  Problem,
  Recorder,
  ReleaseHold,
  RemovedCameras,
  SessionState,
  Sessions,
  SetMany,
  Shared,
  Shares,
  SteerFocus,
  SteerPtz,
  Storage,
  SwapCamera,
  SwitchRelay,
  Talk,
  Timeline,
  Token,
  Trial,
  TrialLogin,
  WatchChannel,
  WriteSettings,
  WrittenSettings,
} from "./gen";

const BASE = "/api/v1";

export const unreachable: Problem = {
  type: "urn:tawny:problem:unreachable",
  status: 0,
  title: text.problems.unreachable,
  detail: text.problems.unreachableRemedy,
};

const unexplained: Problem = {
  type: "about:blank",
  status: 0,
  title: text.problems.unexplained,
  detail: text.problems.unexplainedRemedy,
};

type Method = "GET" | "POST" | "PATCH" | "DELETE";
type RequestOptions = { body?: object | Uint8Array<ArrayBuffer>; signal?: AbortSignal; keepalive?: boolean };
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Asked for by people who are not signed in. */
const WITHOUT_SESSION = ["/session", "/setup", "/shared"];
const segment = encodeURIComponent;
const query = (members: Record<string, string>) => new URLSearchParams(members).toString();

/** The HTTP API. *onSignedOut* is told when the hub no longer knows us. */
export class Client {
  constructor(
    private readonly fetcher: Fetch,
    private readonly onSignedOut: () => void,
  ) {}

  session = (signal?: AbortSignal) => this.request<SessionState>("GET", "/session", signalled(signal));
  setUp = (body: { code: string; user: string; password: string }) => this.request<unknown>("POST", "/setup", { body });
  signIn = (body: { user: string; password: string }) => this.request<Token>("POST", "/session", { body });
  signOut = () => this.request<null>("DELETE", "/session");
  sessions = (signal?: AbortSignal) => this.request<Sessions>("GET", "/sessions", signalled(signal));
  endSession = (id: string) => this.request<null>("DELETE", `/sessions/${segment(id)}`);
  recorder = (signal?: AbortSignal) => this.request<Recorder>("GET", "/recorder", signalled(signal));
  cameras = (signal?: AbortSignal) => this.request<Cameras>("GET", "/cameras", signalled(signal));
  changeCamera = (id: string, body: ChangeCamera) => this.request<Camera>("PATCH", `/cameras/${segment(id)}`, { body });
  removeCamera = (id: string) => this.request<null>("DELETE", `/cameras/${segment(id)}`);
  addCamera = (body: AddCamera) => this.request<Camera>("POST", "/cameras", { body });
  swapCamera = (id: string, body: SwapCamera) => this.request<Camera>("POST", `/cameras/${segment(id)}/swap`, { body });
  removedCameras = (signal?: AbortSignal) => this.request<RemovedCameras>("GET", "/removed-cameras", signalled(signal));

  discovery = (signal?: AbortSignal) => this.request<Discovery>("GET", "/discovery", signalled(signal));
  startDiscovery = () => this.request<Discovery>("POST", "/discovery");
  stopDiscovery = () => this.request<Discovery>("DELETE", "/discovery");
  lost = (signal?: AbortSignal) => this.request<Lost>("GET", "/lost", signalled(signal));
  findLost = () => this.request<Lost>("POST", "/lost");

  openTrial = (body: OpenTrial, signal?: AbortSignal) =>
    this.request<Trial>("POST", "/trials", { body, ...signalled(signal) });
  trial = (id: string, signal?: AbortSignal) => this.request<Trial>("GET", `/trials/${segment(id)}`, signalled(signal));
  /** Sent even while the page is being left. */
  closeTrial = (id: string) => this.request<null>("DELETE", `/trials/${segment(id)}`, { keepalive: true });
  trialLogin = (id: string, body: TrialLogin) => this.request<Trial>("POST", `/trials/${segment(id)}/login`, { body });
  watchChannel = (id: string, body: WatchChannel) =>
    this.request<Trial>("POST", `/trials/${segment(id)}/watch`, { body });
  fixTrial = (id: string, body: FixTrial) => this.request<Trial>("POST", `/trials/${segment(id)}/fix`, { body });
  keepTrial = (id: string, body: KeepTrial) =>
    this.request<KeptCameras>("POST", `/trials/${segment(id)}/cameras`, { body });

  addMany = (body: AddMany) => this.request<Batch>("POST", "/batches/add", { body });
  setMany = (body: SetMany) => this.request<Batch>("POST", "/batches/settings", { body });
  batch = (id: string, signal?: AbortSignal) =>
    this.request<Batch>("GET", `/batches/${segment(id)}`, signalled(signal));
  stopBatch = (id: string) => this.request<Batch>("DELETE", `/batches/${segment(id)}`);

  settings = (id: string, signal?: AbortSignal) =>
    this.request<CameraSettings>("GET", `/cameras/${segment(id)}/settings`, signalled(signal));
  writeSettings = (id: string, body: WriteSettings) =>
    this.request<WrittenSettings>("PATCH", `/cameras/${segment(id)}/settings`, { body });
  actOnCamera = (id: string, action: string) =>
    this.request<Acted>("POST", `/cameras/${segment(id)}/settings/actions`, { body: { action } });
  controls = (id: string, signal?: AbortSignal) =>
    this.request<Controls>("GET", `/cameras/${segment(id)}/controls`, signalled(signal));
  steerPtz = (id: string, body: SteerPtz) => this.request<Controls>("POST", `/cameras/${segment(id)}/ptz`, { body });
  steerFocus = (id: string, body: SteerFocus) =>
    this.request<Controls>("POST", `/cameras/${segment(id)}/focus`, { body });
  switchRelay = (id: string, body: SwitchRelay) =>
    this.request<Controls>("POST", `/cameras/${segment(id)}/relay`, { body });
  openTalk = (id: string) => this.request<Talk>("POST", `/cameras/${segment(id)}/talk`);
  sendTalk = (talk: string, sound: Uint8Array<ArrayBuffer>) =>
    this.request<null>("POST", `/talks/${segment(talk)}`, { body: sound });
  closeTalk = (talk: string) => this.request<null>("DELETE", `/talks/${segment(talk)}`, { keepalive: true });

  events = (wanted: EventsWanted, signal?: AbortSignal) =>
    this.request<CameraEvents>("GET", `/events?${query(eventsQuery(wanted))}`, signalled(signal));

  timeline = (id: string, fromUs: number, toUs: number, signal?: AbortSignal) =>
    this.request<Timeline>("GET", `/cameras/${segment(id)}/timeline?${range(fromUs, toUs)}`, signalled(signal));
  /** The next (previous) beginning of a gap. */
  gapFrom = (id: string, atUs: number, direction: "next" | "previous") => this.momentFrom(id, atUs, direction, "gap");
  /** The next (previous) beginning of an event. */
  eventFrom = (id: string, atUs: number, direction: "next" | "previous") =>
    this.momentFrom(id, atUs, direction, "event");
  days = (id: string, fromUs: number, toUs: number, zone: string, signal?: AbortSignal) =>
    this.request<Days>(
      "GET",
      `/cameras/${segment(id)}/days?${range(fromUs, toUs)}&${query({ zone })}`,
      signalled(signal),
    );
  completeness = (signal?: AbortSignal) => this.request<Completeness>("GET", "/completeness", signalled(signal));

  storage = (signal?: AbortSignal) => this.request<Storage>("GET", "/storage", signalled(signal));
  changeStorage = (body: ChangeStorage) => this.request<Storage>("PATCH", "/storage", { body });
  keepDepth = () => this.request<Storage>("DELETE", "/storage/pending");
  addVolume = (body: AddVolume) => this.request<Storage>("POST", "/storage/volumes", { body });
  changeVolume = (id: string, body: ChangeVolume) =>
    this.request<Storage>("PATCH", `/storage/volumes/${segment(id)}`, { body });
  forgetVolume = (id: string, password: string) =>
    this.request<Storage>("DELETE", `/storage/volumes/${segment(id)}`, { body: { password } });
  formatVolume = (body: FormatVolume) => this.request<Storage>("POST", "/storage/format", { body });
  drives = (signal?: AbortSignal) => this.request<Drives>("GET", "/drives", signalled(signal));

  holds = (signal?: AbortSignal) => this.request<Holds>("GET", "/holds", signalled(signal));
  addHold = (body: AddHold) => this.request<Hold>("POST", "/holds", { body });
  releaseHold = (id: string, body: ReleaseHold) =>
    this.request<Hold>("POST", `/holds/${segment(id)}/release`, { body });

  exports = (signal?: AbortSignal) => this.request<Exports>("GET", "/exports", signalled(signal));
  estimateExport = (body: MakeExport, signal?: AbortSignal) =>
    this.request<ExportEstimate>("POST", "/exports/estimate", { body, ...signalled(signal) });
  makeExport = (body: MakeExport) => this.request<Export>("POST", "/exports", { body });
  removeExport = (id: string) => this.request<null>("DELETE", `/exports/${segment(id)}`);

  shares = (signal?: AbortSignal) => this.request<Shares>("GET", "/shares", signalled(signal));
  makeShare = (id: string, body: MakeShare) =>
    this.request<MadeShare>("POST", `/exports/${segment(id)}/shares`, { body });
  revokeShare = (id: string) => this.request<null>("DELETE", `/shares/${segment(id)}`);
  openShared = (body: OpenShared) => this.request<Shared>("POST", "/shared", { body });

  evidence = (signal?: AbortSignal) => this.request<Evidence>("GET", "/evidence", signalled(signal));
  changeEvidence = (body: ChangeEvidence) => this.request<Evidence>("PATCH", "/evidence", { body });
  rotateKey = (password: string) => this.request<Evidence>("POST", "/evidence/keys", { body: { password } });
  heads = (signal?: AbortSignal) => this.request<Heads>("GET", "/evidence/heads", signalled(signal));
  witnessed = (head: string) => this.request<null>("POST", "/evidence/witnessed", { body: { head } });

  private momentFrom(id: string, atUs: number, direction: "next" | "previous", kind: "gap" | "event") {
    const members = { at: formatMoment(atUs), direction, kind };
    return this.request<Moment>("GET", `/cameras/${segment(id)}/moments?${query(members)}`);
  }

  private async request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<Result<T>> {
    const { body, ...rest } = options;
    const init: RequestInit = { method, credentials: "same-origin", ...rest };
    if (body instanceof Uint8Array) {
      init.body = body;
      init.headers = { "Content-Type": "application/octet-stream" };
    } else if (body) {
      init.body = JSON.stringify(body);
      init.headers = { "Content-Type": "application/json" };
    }
    let response: Response;
    let answer: unknown;
    try {
      response = await this.fetcher(BASE + path, init);
      answer = await readJson(response);
    } catch (error) {
      if (options.signal?.aborted === true) throw error;
      return { ok: false, problem: unreachable };
    }
    if (response.ok) return { ok: true, value: answer as T };
    // A refused password is also a 401, but says nothing about a session that is gone.
    if (response.status === 401 && !WITHOUT_SESSION.includes(path)) this.onSignedOut();
    return { ok: false, problem: readProblem(answer, response.status, unexplained) };
  }
}

async function readJson(response: Response): Promise<unknown> {
  const body = await response.text();
  if (body === "") return null;
  try {
    return JSON.parse(body);
  } catch {
    return null; // a proxy's error page: the status tells enough
  }
}

const signalled = (signal: AbortSignal | undefined) => (signal ? { signal } : {});
const range = (fromUs: number, toUs: number) => query({ from: formatMoment(fromUs), to: formatMoment(toUs) });

/** Small pictures of a range as media messages, null where there are none to be had. */
export async function fetchPreviews(
  { camera, stream, fromUs, toUs, count }: PreviewRequest,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array> | null> {
  const path = `${BASE}/cameras/${segment(camera)}/previews?${range(fromUs, toUs)}`;
  const members = query({ stream, count: String(count) });
  const response = await fetch(`${path}&${members}`, { credentials: "same-origin", signal });
  return response.ok ? response.body : null;
}

/** Where a range can be saved from as a plain MP4. */
export function videoUrl(id: string, fromUs: number, toUs: number, stream: "main" | "sub", audio: boolean): string {
  return `${BASE}/cameras/${segment(id)}/video.mp4?${range(fromUs, toUs)}&${query({ stream, audio: String(audio) })}`;
}

export const exportFileUrl = (id: string, number: number) => `${BASE}/exports/${segment(id)}/files/${number}`;
export const exportZipUrl = (id: string) => `${BASE}/exports/${segment(id)}/export.zip`;
export const exportReportUrl = (id: string) => `${BASE}/exports/${segment(id)}/report.html`;
export const sharedFileUrl = (number: number) => `${BASE}/shared/files/${number}`;
export const sharedZipUrl = `${BASE}/shared/export.zip`;
export const certificateUrl = (what: "root" | "chain") => `${BASE}/evidence/${what}.pem`;

export function socketUrl(path: "/media" | "/events", location: { protocol: string; host: string }): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${BASE}${path}`;
}
