import { expect, it } from "vitest";

import { readChange, retryDelayMs } from "./events";

it("a change is read, anything else is passed over", () => {
  expect(readChange('{"change": "camera", "value": {"id": "cam_1", "removed": true}}')).toEqual({
    change: "camera",
    value: { id: "cam_1", removed: true },
  });
  for (const message of ["", "{", "null", "[]", '{"change": "weather", "value": {}}', '{"change": "camera"}']) {
    expect(readChange(message)).toBeNull();
  }
});

it("retries come later and later, up to a limit, and never at once", () => {
  expect(retryDelayMs(0, 0)).toBe(250);
  expect(retryDelayMs(0, 1)).toBe(500);
  expect(retryDelayMs(3, 1)).toBe(4000);
  expect(retryDelayMs(40, 1)).toBe(10_000);
});
