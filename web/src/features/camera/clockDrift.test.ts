import { expect, it } from "vitest";

import { clockDrift } from "./clockDrift";

it("a clock is told to be ahead or behind, and wrong when it matters", () => {
  expect(clockDrift(null)).toEqual({ words: "Not known", wrong: false });
  expect(clockDrift(-0.4)).toEqual({ words: "Right", wrong: false });
  expect(clockDrift(3)).toEqual({ words: "3 s ahead", wrong: false });
  expect(clockDrift(-3720)).toEqual({ words: "1 h 2 min behind", wrong: true });
});
