import type { FoundDevice } from "../../api/gen";
import { placeOf } from "./rows";

/** Whether it can still be added. */
export const isNew = ({ added, gone }: FoundDevice) => added.length === 0 && !gone;

const byName = new Intl.Collator("en", { numeric: true });

/** So many are found again by eye. */
export const MANY_FOUND = 12;

/** Those that say all of the words typed, in their names, make, model or addresses. */
export function sought(devices: readonly FoundDevice[], words: string): FoundDevice[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return devices.filter(({ name, make, model, hardware, address, host, mac }) => {
    const said = [name, make, model, hardware, address, host, mac].join(" ").toLowerCase();
    return wanted.every((word) => said.includes(word));
  });
}

/** What is new stands first, what was added already last; within that by address, so that nothing jumps as names come. */
export function sorted(devices: readonly FoundDevice[]): FoundDevice[] {
  const rank = (device: FoundDevice) => (device.added.length > 0 ? 2 : device.gone ? 1 : 0);
  return [...devices].sort(
    (a, b) => rank(a) - rank(b) || byName.compare(placeOf(a), placeOf(b)) || byName.compare(a.id, b.id),
  );
}
