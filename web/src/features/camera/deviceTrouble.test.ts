import { expect, it } from "vitest";

import type { Camera } from "../../api/gen";
import { deviceTrouble } from "./deviceTrouble";

const side = (kind: string, phase = "waiting") => ({ phase, kind, title: kind, remedy: "", since: "", retry_at: null });
const camera = (device: object, state: object = side("", "online")) =>
  ({ device, state }) as unknown as Pick<Camera, "device" | "state">;

it("what a person must decide is told, whichever side of the camera knows it", () => {
  expect(deviceTrouble(camera(side("certificate")))?.kind).toBe("certificate");
  expect(deviceTrouble(camera(side("", "online"), side("identity")))?.kind).toBe("identity");
  expect(deviceTrouble(camera(side("locked_out")))).toEqual({ kind: "login", title: "locked_out", remedy: "" });
});

it("another device comes before its refused login", () => {
  expect(deviceTrouble(camera(side("credentials"), side("identity")))?.kind).toBe("identity");
});

it("a password that would be readable needs a word", () => {
  expect(deviceTrouble(camera(side("", "none"), side("basic_only")))?.kind).toBe("readable");
});

it("what passes by itself needs nobody", () => {
  expect(deviceTrouble(camera(side("unreachable")))).toBeNull();
  expect(deviceTrouble(camera(side("credentials", "online")))).toBeNull();
});
