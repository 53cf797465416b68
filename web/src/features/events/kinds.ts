import type { IconName } from "../../design/Icon";
import type { MarkKind } from "../../timeline";
import type { EventKind } from "../../api/gen";

export type { EventKind };

type Look = { icon: IconName; mark: MarkKind };

/** What each kind of event looks like; a kind we do not know looks like "other". */
const looks: Readonly<Record<EventKind, Look>> = {
  motion: { icon: "motion", mark: "motion" },
  person: { icon: "person", mark: "object" },
  pet: { icon: "pet", mark: "object" },
  vehicle: { icon: "vehicle", mark: "object" },
  face: { icon: "person", mark: "object" },
  plate: { icon: "plate", mark: "object" },
  object: { icon: "object", mark: "object" },
  line: { icon: "line", mark: "object" },
  area: { icon: "area", mark: "object" },
  loitering: { icon: "wait", mark: "object" },
  tamper: { icon: "warning", mark: "alarm" },
  blur: { icon: "blur", mark: "alarm" },
  dark: { icon: "dark", mark: "alarm" },
  bright: { icon: "bright", mark: "alarm" },
  audio: { icon: "sound", mark: "other" },
  input: { icon: "input", mark: "alarm" },
  relay: { icon: "relay", mark: "other" },
  storage: { icon: "drive", mark: "other" },
  network: { icon: "network", mark: "other" },
  device: { icon: "camera", mark: "other" },
  state: { icon: "info", mark: "other" },
  other: { icon: "bell", mark: "other" },
};

export const isEventKind = (kind: string): kind is EventKind => Object.hasOwn(looks, kind);
export const kindOf = (kind: string): EventKind => (isEventKind(kind) ? kind : "other");
export const lookOf = (kind: string): Look => looks[kindOf(kind)];

/** Kinds that people look for together. */
export const kindGroups = [
  { id: "motion", kinds: ["motion"] },
  { id: "people", kinds: ["person", "face", "loitering"] },
  { id: "vehicles", kinds: ["vehicle", "plate"] },
  { id: "objects", kinds: ["object", "pet", "line", "area"] },
  { id: "sabotage", kinds: ["tamper", "blur", "dark", "bright"] },
  { id: "contacts", kinds: ["input", "relay"] },
  { id: "sound", kinds: ["audio"] },
  { id: "device", kinds: ["state", "device", "network", "storage", "other"] },
] as const satisfies readonly { id: string; kinds: readonly EventKind[] }[];

/** The kinds with those of a group, or without; in an order of their own, so that one choice has one address. */
export function withGroup(chosen: readonly EventKind[], group: readonly EventKind[], on: boolean): EventKind[] {
  const wanted = new Set(on ? [...chosen, ...group] : chosen.filter((kind) => !group.includes(kind)));
  return kindGroups.flatMap(({ kinds }) => [...kinds]).filter((kind) => wanted.has(kind));
}
