/** What a person has changed of a camera's settings and not yet saved. */

import type { CameraSettings, SettingField, SettingResult, WriteSettings } from "../../api/gen";

/** New values by part and field. Invariant: none equals what the camera reports. */
export type Draft = Readonly<Record<string, Readonly<Record<string, Value>>>>;
export type Value = WriteSettings["settings"][string][string];
export const noDraft: Draft = {};

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

export function draftedValue(draft: Draft, part: string, field: SettingField): Value | null {
  const drafted = draft[part];
  return drafted?.[field.id] ?? field.value;
}

/** The draft with another value of one field; what the camera has already is no change. */
export function withValue(draft: Draft, part: string, field: SettingField, value: Value): Draft {
  const others = Object.entries(draft[part] ?? {}).filter(([id]) => id !== field.id);
  const fields = same(value, field.value) ? others : [...others, [field.id, value] as const];
  const rest = Object.entries(draft).filter(([id]) => id !== part);
  return Object.fromEntries(fields.length > 0 ? [...rest, [part, Object.fromEntries(fields)]] : rest);
}

export function changeCount(draft: Draft): number {
  return Object.values(draft).reduce((sum, fields) => sum + Object.keys(fields).length, 0);
}

/** The draft against settings that were read anew: what has become true, or is gone, is no change any more. */
export function rebased(draft: Draft, settings: CameraSettings): Draft {
  let kept = noDraft;
  for (const part of settings.parts) {
    for (const field of part.fields) {
      const drafted = draft[part.id]?.[field.id];
      if (drafted !== undefined && !field.locked) kept = withValue(kept, part.id, field, drafted);
    }
  }
  return kept;
}

export type Outcome = "written" | "changed" | "refused";

/**
 * How a write of one field ended: the camera took it, made something else of it, or would not. The recorder says so: what
 * was rounded to the camera's own grid is no change to a person.
 */
export function outcomeOf(result: SettingResult): Outcome {
  if (!result.ok) return "refused";
  return result.title === "" ? "written" : "changed";
}

/** Whether the camera can be asked for *value* at all; else why not. */
export type Fault = { kind: "number" } | { kind: "range"; least: number | null; most: number | null } | null;

export function faultOf(field: SettingField, value: unknown): Fault {
  if (field.kind !== "number") return null;
  if (typeof value !== "number" || !Number.isFinite(value)) return { kind: "number" };
  const { least, most } = field;
  const outside = (least !== null && value < least) || (most !== null && value > most);
  return outside ? { kind: "range", least, most } : null;
}

/** How many of the changes can't be saved. */
export function faultCount(draft: Draft, settings: CameraSettings): number {
  const fields = settings.parts.flatMap((part) => part.fields.map((field) => ({ part: part.id, field })));
  return fields.filter(
    ({ part, field }) => faultOf(field, draftedValue(draft, part, field)) !== null && isDrafted(draft, part, field),
  ).length;
}

const isDrafted = (draft: Draft, part: string, { id }: SettingField) => id in (draft[part] ?? {});

/** A value in words, for what was wanted and what became of it. */
export function valueWords(
  field: SettingField,
  value: unknown,
  words: { on: string; off: string; areas: (n: number) => string },
): string {
  if (typeof value === "boolean") return value ? words.on : words.off;
  if (field.kind === "areas" && Array.isArray(value)) return words.areas(value.length);
  const chosen = field.choices.find((choice) => same(choice.value, value));
  if (chosen) return [chosen.title, field.unit].filter(Boolean).join(" ");
  if (typeof value === "number") return [String(value), field.unit].filter(Boolean).join(" ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
