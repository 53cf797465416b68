import { expect, it } from "vitest";

import type { Camera } from "../../api/gen";
import { cameraNames } from "./names";

const cameras = ["Gate", "Door", "Yard", "Hall", "Roof"].map((name, i) => ({ id: `cam_${i}`, name }) as Camera);

it("names each camera once, and one that is gone by its id", () => {
  expect(cameraNames(["cam_0", "cam_1", "cam_0", "cam_9"], cameras)).toBe("Gate, Door, cam_9");
});

it("counts what would not fit", () => {
  expect(cameraNames(["cam_0", "cam_1", "cam_2", "cam_3"], cameras)).toBe("Gate, Door, Yard, Hall");
  expect(
    cameraNames(
      cameras.map(({ id }) => id),
      cameras,
    ),
  ).toBe("Gate, Door, Yard and 2 more cameras");
});
