import { QueryClient, skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";

import { isZone } from "../text/time";
import { Client, unreachable } from "./client";
import { problemOf, ProblemError, valueOf } from "./result";
import type {
  Camera,
  CameraEvent,
  Cameras,
  ChangeMessage,
  Connection,
  Export,
  ExportChange,
  Problem,
  Recorder,
  SessionState,
  Storage,
} from "./gen";

export const keys = {
  session: ["session"],
  sessions: ["sessions"],
  recorder: ["recorder"],
  cameras: ["cameras"],
  connection: ["connection"],
  storage: ["storage"],
  completeness: ["completeness"],
  drives: ["drives"],
  holds: ["holds"],
  exports: ["exports"],
  shares: ["shares"],
  evidence: ["evidence"],
  discovery: ["discovery"],
  lost: ["lost"],
  removedCameras: ["removed-cameras"],
  recentEvents: ["recent-events"],
  events: (filter: object) => ["events", filter],
  trial: (id: string) => ["trial", id],
  batch: (id: string) => ["batch", id],
  settings: (id: string) => ["settings", id],
  controls: (id: string) => ["controls", id],
  timelines: (id: string) => ["timeline", id],
  timeline: (id: string, fromUs: number, toUs: number) => ["timeline", id, fromUs, toUs],
  days: (id: string, month: string) => ["days", id, month],
} as const;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // What the hub refused it will refuse again; only silence is worth another try.
        retry: (count, error) => count < 2 && error instanceof ProblemError && error.problem.status === 0,
        staleTime: 10_000,
      },
    },
  });
}

/** The session is over: whoever looks at the page sees the way in, without asking the hub first. */
export function signedOut(cache: QueryClient): void {
  cache.setQueryData<SessionState>(keys.session, { setup_required: false, user: null });
}

/** A client whose lost session shows everywhere at once. */
export function createClient(cache: QueryClient): Client {
  return new Client(
    (url, init) => fetch(url, init),
    () => signedOut(cache),
  );
}

const ClientContext = createContext<Client | null>(null);
export const ClientProvider = ClientContext.Provider;

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error("ClientProvider is missing");
  return client;
}

export const problem = (error: unknown): Problem => problemOf(error, unreachable);

export function useSession() {
  const client = useClient();
  return useQuery({ queryKey: keys.session, queryFn: async ({ signal }) => valueOf(await client.session(signal)) });
}

export function useRecorder() {
  const client = useClient();
  return useQuery({ queryKey: keys.recorder, queryFn: async ({ signal }) => valueOf(await client.recorder(signal)) });
}

export function useCameras() {
  const client = useClient();
  return useQuery({
    queryKey: keys.cameras,
    queryFn: async ({ signal }) => valueOf(await client.cameras(signal)).items,
  });
}

/** The recorder's time zone; UTC until it is known, and where this browser has never heard of it. */
export function useZone(): string {
  const zone = useRecorder().data?.time_zone;
  return zone !== undefined && isZone(zone) ? zone : "UTC";
}

/** The list with *camera* in its place, or at the end when it is new. */
export function withCamera(all: Cameras["items"], camera: Camera): Camera[] {
  const known = all.some(({ id }) => id === camera.id);
  return known ? all.map((old) => (old.id === camera.id ? camera : old)) : [...all, camera];
}

function put(cache: QueryClient, camera: Camera): void {
  cache.setQueryData<Camera[]>(keys.cameras, (all) => all && withCamera(all, camera));
}

function drop(cache: QueryClient, id: string): void {
  cache.setQueryData<Camera[]>(keys.cameras, (all) => all?.filter((camera) => camera.id !== id));
}

/** The list with *told* in its place, first when it is new, or without it when it was removed. */
export function withExport(all: Export[], told: ExportChange["value"]): Export[] {
  if ("removed" in told) return all.filter(({ id }) => id !== told.id);
  return all.some(({ id }) => id === told.id) ? all.map((old) => (old.id === told.id ? told : old)) : [told, ...all];
}

export function putExport(cache: QueryClient, told: ExportChange["value"]): void {
  cache.setQueryData<Export[]>(keys.exports, (all) => all && withExport(all, told));
}

/** Show what an answer brought without waiting for the recorder to tell of it. */
export function useCameraCache() {
  const cache = useQueryClient();
  return { put: (camera: Camera) => put(cache, camera), drop: (id: string) => drop(cache, id) };
}

/** Whether the hub reaches the recorder, as far as it has said. */
export function useRecorderReachable(): boolean {
  return useQuery<Connection>({ queryKey: keys.connection, queryFn: skipToken }).data?.connected ?? true;
}

const MOST_RECENT_EVENTS = 500;

/** The events with *told* in its place, or first when it is new. */
export function withEvent(recent: CameraEvent[], told: CameraEvent): CameraEvent[] {
  const known = recent.some(({ id }) => id === told.id);
  if (known) return recent.map((old) => (old.id === told.id ? told : old));
  return [told, ...recent].slice(0, MOST_RECENT_EVENTS);
}

/** What was told of events since the page was opened, the newest word first; lists that were asked for know the rest. */
export function useRecentEvents(): CameraEvent[] {
  return useQuery<CameraEvent[]>({ queryKey: keys.recentEvents, queryFn: skipToken, gcTime: Infinity }).data ?? NONE;
}

const NONE: CameraEvent[] = [];

/** Merge what the recorder tells into what is shown. */
export function applyChange(cache: QueryClient, message: ChangeMessage): void {
  switch (message.change) {
    case "recorder":
      cache.setQueryData<Recorder>(keys.recorder, message.value);
      break;
    case "storage":
      cache.setQueryData<Storage>(keys.storage, message.value);
      break;
    case "export":
      putExport(cache, message.value);
      break;
    case "event":
      cache.setQueryData<CameraEvent[]>(keys.recentEvents, (all) => withEvent(all ?? NONE, message.value));
      break;
    case "connection":
      cache.setQueryData<Connection>(keys.connection, message.value);
      if (message.value.connected) void cache.invalidateQueries({ type: "active" });
      break;
    case "camera":
      if ("removed" in message.value) drop(cache, message.value.id);
      else put(cache, message.value);
      break;
  }
}
