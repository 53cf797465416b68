import { expect, it } from "vitest";

import { whole, zoomedAt } from "../camera/zoom";
import { pictureBox } from "./pictureBox";

it("a picture narrower than its frame has bars at its sides, a wider one above and below", () => {
  expect(pictureBox({ width: 800, height: 300 }, 4 / 3, whole)).toEqual({ left: 200, top: 0, width: 400, height: 300 });
  expect(pictureBox({ width: 400, height: 600 }, 4 / 3, whole)).toEqual({ left: 0, top: 150, width: 400, height: 300 });
});

it("an enlarged picture lies where the eye sees it", () => {
  const view = zoomedAt(whole, { x: 0.5, y: 0.5 }, 2);

  expect(pictureBox({ width: 800, height: 300 }, 4 / 3, view)).toEqual({ left: 0, top: -150, width: 800, height: 600 });
});
