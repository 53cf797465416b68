import type { Camera } from "../../api/gen";

/** What is wrong with a camera in the recorder's words: its pictures first, then its ONVIF side; null where nothing is. */
export function troubleOf({ state, device }: Camera): string | null {
  if (state.phase === "waiting" && state.title !== "") return state.title;
  if (device.phase === "waiting" && device.title !== "") return device.title;
  return null;
}

const LOGIN_KINDS = ["credentials", "locked_out"];

/** Whether another user or password is what it waits for. */
export const refusesLogin = ({ state, device }: Camera): boolean =>
  [state, device].some(({ phase, kind }) => phase === "waiting" && LOGIN_KINDS.includes(kind));

/** A disabled camera is not lost: nobody looks for it. */
export const isLost = ({ state }: Camera): boolean =>
  state.phase === "waiting" && ["unreachable", "address"].includes(state.kind);
