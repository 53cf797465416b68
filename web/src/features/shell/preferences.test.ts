import { expect, it } from "vitest";

import { readPreferences } from "./preferences";

it("what was remembered is read, what was spoilt is the default", () => {
  expect(readPreferences('{"theme": "light", "shortcuts": false, "volume": 0.5, "boxes": false}')).toEqual({
    theme: "light",
    shortcuts: false,
    volume: 0.5,
    boxes: false,
  });
  const defaults = { theme: "system", shortcuts: true, volume: 0.8, boxes: true };
  for (const stored of [null, "", "{", "7", "null", '{"theme": "pink", "volume": 9, "shortcuts": "no"}']) {
    expect(readPreferences(stored)).toEqual(defaults);
  }
});
