import type { FoundDevice } from "../../api/gen";
import { placeOf } from "./rows";

/** Whether it can still be added. */
export const isNew = ({ added, gone }: FoundDevice) => added.length === 0 && !gone;

const byName = new Intl.Collator("en", { numeric: true });

/** What is new stands first, what has signed off last; within that by address, so that nothing jumps as names come. */
export function sorted(devices: readonly FoundDevice[]): FoundDevice[] {
  const rank = (device: FoundDevice) => (device.gone ? 2 : device.added.length > 0 ? 1 : 0);
  return [...devices].sort(
    (a, b) => rank(a) - rank(b) || byName.compare(placeOf(a), placeOf(b)) || byName.compare(a.id, b.id),
  );
}
