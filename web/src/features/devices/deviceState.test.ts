import { expect, it } from "vitest";

import type { Camera } from "../../api/gen";
import { isLost, refusesLogin, troubleOf } from "./deviceState";

const state = (phase: "online" | "waiting" | "disabled", kind = "", title = "") => ({
  phase,
  since: "2026-11-22T12:00:00Z",
  title,
  remedy: "",
  kind,
  retry_at: null,
});

const camera = (pictures: ReturnType<typeof state>, device: "online" | "waiting", kind = "", title = "") =>
  ({ state: pictures, device: { ...state("online", kind, title), phase: device } }) as Camera;

it("trouble with the pictures is told before trouble with the device", () => {
  expect(troubleOf(camera(state("online"), "online"))).toBeNull();
  expect(troubleOf(camera(state("online"), "waiting", "locked_out", "Locked out."))).toBe("Locked out.");
  expect(troubleOf(camera(state("waiting", "silent", "Silent."), "waiting", "x", "Other."))).toBe("Silent.");
});

it("a login is asked for where either side refuses the present one", () => {
  expect(refusesLogin(camera(state("waiting", "credentials"), "online"))).toBe(true);
  expect(refusesLogin(camera(state("online"), "waiting", "credentials"))).toBe(true);
  expect(refusesLogin(camera(state("waiting", "unreachable"), "online"))).toBe(false);
});

it("lost is what does not answer, not what was switched off", () => {
  expect(isLost(camera(state("waiting", "unreachable"), "online"))).toBe(true);
  expect(isLost(camera(state("disabled", "unreachable"), "online"))).toBe(false);
  expect(isLost(camera(state("waiting", "credentials"), "online"))).toBe(false);
});
