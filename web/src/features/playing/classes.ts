/** What a thing in the picture is, in our words. */

import { events } from "../../text/events";
import type { EventKind } from "../../api/gen";

/** ONVIF's own names (Analytics, table of classes) and those that cameras use beside them. */
const known: Readonly<Record<string, EventKind>> = {
  human: "person",
  person: "person",
  people: "person",
  pedestrian: "person",
  torso: "person",
  face: "face",
  humanface: "face",
  head: "face",
  vehicle: "vehicle",
  vehical: "vehicle", // so ONVIF's own schema spells it
  car: "vehicle",
  truck: "vehicle",
  bus: "vehicle",
  van: "vehicle",
  motorcycle: "vehicle",
  motorbike: "vehicle",
  bicycle: "vehicle",
  bike: "vehicle",
  animal: "pet",
  pet: "pet",
  dog: "pet",
  cat: "pet",
  licenseplate: "plate",
  plate: "plate",
};

/** Person, vehicle, animal, face, number plate; else the word that the camera has for it. */
export function classWords(told: string): string {
  const key = told.toLowerCase().replace(/[^a-z]/g, "");
  const kind = Object.hasOwn(known, key) ? known[key] : undefined;
  return kind === undefined ? told : events.kind[kind];
}
