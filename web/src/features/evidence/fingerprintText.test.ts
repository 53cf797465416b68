import { expect, it } from "vitest";

import { fingerprintText } from "./fingerprintText";

it("is written in pairs, whether it came with colons or without", () => {
  expect(fingerprintText("3b9f217c")).toBe("3B:9F:21:7C");
  expect(fingerprintText("3B:9f:21:7c")).toBe("3B:9F:21:7C");
  expect(fingerprintText("")).toBe("");
});
