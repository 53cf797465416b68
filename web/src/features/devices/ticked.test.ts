import { expect, it } from "vitest";

import type { SettingField, SettingPart } from "../../api/gen";
import { settable, wantedOf } from "./ticked";

const field = (id: string, members: Partial<SettingField> = {}): SettingField => ({
  id,
  title: id,
  kind: "number",
  value: 1,
  choices: [],
  least: null,
  most: null,
  step: null,
  unit: "",
  locked: false,
  hint: "",
  ...members,
});

const part = (id: string, ...fields: SettingField[]): SettingPart => ({ id, title: id, hint: "", fields, actions: [] });

it("what was ticked is asked for by part and field, and nothing else", () => {
  const ticked = { "video.main fps": 15, "video.main codec": "h264", "image auto": false, "image contrast": undefined };

  expect(wantedOf(ticked)).toEqual({ "video.main": { fps: 15, codec: "h264" }, image: { auto: false } });
  expect(wantedOf({ "image contrast": undefined })).toEqual({});
});

it("masks, what is locked and a device's own name are not for many", () => {
  const parts = [
    part("video.main", field("fps"), field("profile", { locked: true })),
    part("masks", field("areas", { kind: "areas" })),
    part("device", field("name", { kind: "text" })),
    part("audio", field("codec", { locked: true })),
  ];

  expect(settable(parts).map(({ id, fields }) => [id, fields.map((each) => each.id)])).toEqual([
    ["video.main", ["fps"]],
  ]);
});
