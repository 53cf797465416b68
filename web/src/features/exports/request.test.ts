import { expect, it } from "vitest";

import type { Camera } from "../../api/gen";
import { parseMoment } from "../../text/time";
import { exportRequest, unusual, type Wish } from "./request";

const wish: Wish = {
  cameras: ["cam_1", "cam_2"],
  range: {
    fromUs: parseMoment("2026-11-22T12:00:00.7Z") ?? 0,
    toUs: parseMoment("2026-11-22T12:05:00.2Z") ?? 0,
  },
  stream: "main",
  audio: false,
  compatible: false,
  drive: null,
  name: "  ",
};

it("asks for the range of each camera, in whole seconds", () => {
  const item = { stream: "main", from: "2026-11-22T12:00:00Z", to: "2026-11-22T12:05:00Z", audio: false };

  expect(exportRequest(wish)).toEqual({
    items: [
      { camera: "cam_1", ...item },
      { camera: "cam_2", ...item },
    ],
    compatible: false,
  });
});

it("names it and writes it to a drive where that was chosen", () => {
  expect(exportRequest({ ...wish, name: " Ramp ", drive: "drv_1" })).toMatchObject({ name: "Ramp", drive: "drv_1" });
});

it("H.265 is unusual on a plain computer", () => {
  const camera = (main: string, sub: string) => ({ streams: { main: { codec: main }, sub: { codec: sub } } }) as Camera;

  expect(unusual([camera("h264", "h264"), camera("h265", "h264")], "main")).toBe(true);
  expect(unusual([camera("h265", "h264")], "sub")).toBe(false);
  expect(unusual([], "main")).toBe(false);
});
