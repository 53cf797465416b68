import { text } from "../text/en";
import { formatMoment } from "../text/time";
import { readProblem, type Result } from "./result";
import type {
  AddCameraFromTrial,
  Camera,
  ChangeCamera,
  Days,
  Cameras,
  OpenTrial,
  Problem,
  Recorder,
  Sessions,
  SessionState,
  Timeline,
  Token,
  Trial,
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
type RequestOptions = { body?: object; signal?: AbortSignal; keepalive?: boolean };
type Fetch = (url: string, init: RequestInit) => Promise<Response>;

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
  keepTrial = (body: AddCameraFromTrial) => this.request<Camera>("POST", "/cameras", { body });
  openTrial = (body: OpenTrial, signal?: AbortSignal) =>
    this.request<Trial>("POST", "/trials", { body, ...signalled(signal) });
  trial = (id: string, signal?: AbortSignal) => this.request<Trial>("GET", `/trials/${segment(id)}`, signalled(signal));
  /** Sent even while the page is being left. */
  closeTrial = (id: string) => this.request<null>("DELETE", `/trials/${segment(id)}`, { keepalive: true });
  timeline = (id: string, fromUs: number, toUs: number, signal?: AbortSignal) =>
    this.request<Timeline>("GET", `/cameras/${segment(id)}/timeline?${range(fromUs, toUs)}`, signalled(signal));
  days = (id: string, fromUs: number, toUs: number, zone: string, signal?: AbortSignal) =>
    this.request<Days>(
      "GET",
      `/cameras/${segment(id)}/days?${range(fromUs, toUs)}&${query({ zone })}`,
      signalled(signal),
    );

  private async request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<Result<T>> {
    const { body, ...rest } = options;
    const init: RequestInit = { method, credentials: "same-origin", ...rest };
    if (body) {
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
    if (response.status === 401 && path !== "/session" && path !== "/setup") this.onSignedOut();
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

/** Where a range can be saved from as a plain MP4. */
export function videoUrl(id: string, fromUs: number, toUs: number, stream: "main" | "sub", audio: boolean): string {
  return `${BASE}/cameras/${segment(id)}/video.mp4?${range(fromUs, toUs)}&${query({ stream, audio: String(audio) })}`;
}

export function socketUrl(path: "/media" | "/events", location: { protocol: string; host: string }): string {
  return `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${BASE}${path}`;
}
