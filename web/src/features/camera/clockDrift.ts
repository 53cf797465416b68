import { device } from "../../text/camera";
import { duration } from "../../text/format";

/** Less than this nobody notices, and a measurement over the network can't tell. */
const RIGHT_S = 1;
/** From here on what the camera writes is hard to lay beside what Tawny recorded. */
const WRONG_S = 5;

/** How far the camera's clock is from the recorder's, in words. */
export function clockDrift(offsetS: number | null): { words: string; wrong: boolean } {
  if (offsetS === null) return { words: device.clockUnknown, wrong: false };
  const length = Math.abs(offsetS);
  if (length < RIGHT_S) return { words: device.clockRight, wrong: false };
  const words = offsetS > 0 ? device.clockAhead(duration(length)) : device.clockBehind(duration(length));
  return { words, wrong: length > WRONG_S };
}
