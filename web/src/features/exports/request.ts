import type { Camera, MakeExport } from "../../api/gen";
import { formatMoment, SECOND_US } from "../../text/time";
import type { RangeUs } from "./range";

export type Wish = {
  cameras: readonly string[];
  range: RangeUs;
  stream: "main" | "sub";
  audio: boolean;
  compatible: boolean;
  drive: string | null;
  name: string;
};

/** Whole seconds: what is typed and shown has no fractions. */
const second = (us: number) => formatMoment(Math.floor(us / SECOND_US) * SECOND_US);

/** What the recorder is asked to make. */
export function exportRequest(wish: Wish): MakeExport {
  const { cameras, range, stream, audio, compatible, drive } = wish;
  const name = wish.name.trim();
  return {
    items: cameras.map((camera) => ({ camera, stream, from: second(range.fromUs), to: second(range.toUs), audio })),
    compatible,
    ...(name !== "" && { name }),
    ...(drive !== null && { drive }),
  };
}

/** Whether some of these cameras send what a plain computer may not play. */
export function unusual(cameras: readonly Camera[], stream: "main" | "sub"): boolean {
  return cameras.some((camera) => camera.streams[stream]?.codec === "h265");
}
