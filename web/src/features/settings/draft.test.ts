import { expect, it } from "vitest";

import {
  changeCount,
  draftedValue,
  faultCount,
  faultOf,
  noDraft,
  outcomeOf,
  rebased,
  valueWords,
  withValue,
} from "./draft";
import type { Area, CameraSettings, SettingField } from "../../api/gen";

const number = (given: Partial<SettingField> = {}): SettingField => ({
  id: "fps",
  title: "Frame rate",
  kind: "number",
  value: 25,
  choices: [],
  least: 1,
  most: 30,
  step: 1,
  unit: "fps",
  locked: false,
  hint: "",
  ...given,
});

const settings = (...fields: SettingField[]): CameraSettings => ({
  camera: "cam_1",
  read_at: "2026-11-22T17:04:05Z",
  parts: [{ id: "video.main", title: "Main stream", hint: "", fields, actions: [] }],
});

it("a value that is put back is no change", () => {
  const changed = withValue(noDraft, "video.main", number(), 12);

  expect(draftedValue(changed, "video.main", number())).toBe(12);
  expect(changeCount(changed)).toBe(1);
  expect(withValue(changed, "video.main", number(), 25)).toEqual(noDraft);
});

it("areas are the same where their corners are", () => {
  const area: Area = { points: [[0, 0]], kind: "color", enabled: true };
  const field = number({ kind: "areas", value: [area] });

  expect(withValue(noDraft, "masks", field, [{ ...area, points: [[0, 0]] }])).toEqual(noDraft);
});

it("what the camera has become, or offers no more, is not asked for again", () => {
  const draft = withValue(withValue(noDraft, "video.main", number(), 12), "video.main", number({ id: "gop" }), 50);

  const after = rebased(draft, settings(number({ value: 12 }), number({ id: "gop", value: 30 })));

  expect(after).toEqual({ "video.main": { gop: 50 } });
  expect(rebased(draft, settings())).toEqual(noDraft);
  expect(rebased(draft, settings(number({ locked: true })))).toEqual(noDraft);
});

it("a number is one, and within what the camera takes", () => {
  expect(faultOf(number(), 25)).toBeNull();
  expect(faultOf(number(), NaN)).toEqual({ kind: "number" });
  expect(faultOf(number(), 31)).toEqual({ kind: "range", least: 1, most: 30 });
  expect(faultOf(number({ least: null, most: null }), 1e6)).toBeNull();
});

it("only what was changed stands in the way of saving", () => {
  const odd = settings(number({ value: 60 }));

  expect(faultCount(noDraft, odd)).toBe(0);
  expect(faultCount(withValue(noDraft, "video.main", number({ value: 60 }), 99), odd)).toBe(1);
});

it("what a camera made of a wish is told apart from what it refused", () => {
  const result = { part: "video.main", field: "fps", wanted: 12, became: 12, ok: true, title: "" };

  expect(outcomeOf(result)).toBe("written");
  expect(outcomeOf({ ...result, became: 12.001 })).toBe("written");
  expect(outcomeOf({ ...result, became: 15, title: "The camera made it 15." })).toBe("changed");
  expect(outcomeOf({ ...result, became: 25, ok: false })).toBe("refused");
});

it("a value is told in the camera's words, else as it is", () => {
  const words = { on: "On", off: "Off", areas: (n: number) => `${n} areas` };
  const choice = number({ kind: "choice", choices: [{ value: "h264", title: "H.264" }], unit: "" });

  expect(valueWords(choice, "h264", words)).toBe("H.264");
  expect(valueWords(choice, "h266", words)).toBe("h266");
  expect(valueWords(number(), 12, words)).toBe("12 fps");
  expect(valueWords(number({ kind: "switch" }), false, words)).toBe("Off");
  expect(valueWords(number({ kind: "areas" }), [{}, {}], words)).toBe("2 areas");
});
