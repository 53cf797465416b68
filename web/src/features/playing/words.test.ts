import { expect, it } from "vitest";

import type { CameraState } from "../../api/gen";
import { wordsFor } from "./words";

const state = (phase: CameraState["phase"], title = "", remedy = ""): CameraState => ({
  phase,
  title,
  remedy,
  since: "2026-11-22T12:00:00Z",
  kind: "",
  retry_at: null,
});

it("a moving picture needs no words", () => {
  expect(wordsFor({ kind: "playing", stream: "sub", engine: "webcodecs" }, state("online"))).toBeNull();
  expect(wordsFor({ kind: "paused" }, null)).toBeNull();
});

it("the camera's own reason comes before the player's waiting", () => {
  const camera = state("waiting", "The camera refused the password.", "Check it.");

  expect(wordsFor({ kind: "loading" }, camera)).toMatchObject({
    title: "The camera refused the password.",
    remedy: "Check it.",
  });
});

it("a camera without words of its own is still explained", () => {
  expect(wordsFor({ kind: "idle" }, state("disabled"))).toMatchObject({ title: "This camera is disabled." });
});

it("in the archive the camera's present state is no matter", () => {
  expect(wordsFor({ kind: "ended" }, null)).toMatchObject({ title: "The recording ends here." });
});

it("a gap says why and is hatched", () => {
  const gap = { kind: "gap" as const, title: "The camera did not answer.", reason: "camera_lost", from: "", to: "" };

  expect(wordsFor(gap, null)).toMatchObject({ title: "The camera did not answer.", hatched: true });
});
