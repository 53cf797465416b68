import { expect, it } from "vitest";

import type { Camera } from "../../api/gen";
import { matching } from "./search";

const named = (...names: string[]) => names.map((name) => ({ id: name, name }) as Camera);

it("finds every word anywhere in the name, whatever the case and the accents", () => {
  const cameras = named("Façade nord", "Front gate", "Gate, north front");

  expect(matching(cameras, "facade").map(({ name }) => name)).toEqual(["Façade nord"]);
  expect(matching(cameras, "GATE front").map(({ name }) => name)).toEqual(["Front gate", "Gate, north front"]);
  expect(matching(cameras, "  ")).toHaveLength(3);
  expect(matching(cameras, ".*")).toEqual([]);
});
