import type { Camera } from "../../api/gen";
import { text } from "../../text/en";

const SHOWN = 3;

/** The cameras' names, the first few of many; a camera that was removed by its id. */
export function cameraNames(ids: readonly string[], cameras: readonly Camera[]): string {
  const unique = [...new Set(ids)];
  const names = unique.map((id) => cameras.find((camera) => camera.id === id)?.name ?? id);
  if (names.length <= SHOWN + 1) return names.join(", ");
  return `${names.slice(0, SHOWN).join(", ")} ${text.exports.more(names.length - SHOWN)}`;
}
