import { expect, it } from "vitest";

import { layoutOf } from "./stepLayout";

it("pictures stand as near to a square as can be", () => {
  const found = [1, 2, 3, 4, 5, 9].map((count) => Object.values(layoutOf(count)).join("x"));

  expect(found).toEqual(["1x1", "2x1", "2x2", "2x2", "3x2", "3x3"]);
});
