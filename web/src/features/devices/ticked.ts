import type { SettingPart, WriteSettings } from "../../api/gen";

export type Plain = boolean | number | string;
/** Values by part and field ("video.main fps"); what is not ticked is undefined. */
export type Ticked = Readonly<Record<string, Plain | undefined>>;

/** The parts and fields that make sense for several cameras at once: no areas, no texts of one camera, nothing locked. */
export function settable(parts: readonly SettingPart[]): SettingPart[] {
  return parts
    .filter(({ id }) => id !== "masks" && id !== "device")
    .map((part) => ({ ...part, fields: part.fields.filter(({ kind, locked }) => kind !== "areas" && !locked) }))
    .filter(({ fields }) => fields.length > 0);
}

export function wantedOf(ticked: Ticked): WriteSettings["settings"] {
  const wanted: WriteSettings["settings"] = {};
  for (const [key, value] of Object.entries(ticked)) {
    const [part, field] = key.split(" ");
    if (value === undefined || part === undefined || field === undefined) continue;
    wanted[part] = { ...wanted[part], [field]: value };
  }
  return wanted;
}
