import { expect, it } from "vitest";

import { fittingGrid, layoutOf } from "./layout";

it("without a wish the smallest grid that shows all is taken", () => {
  expect([0, 1, 2, 4, 5, 9, 10, 16, 40].map(fittingGrid)).toEqual([1, 1, 4, 4, 9, 9, 16, 16, 16]);
});

it("every camera lies on exactly one page", () => {
  for (const grid of [1, 4, 9, 16] as const) {
    for (let cameras = 0; cameras <= 40; cameras++) {
      const { pages } = layoutOf(cameras, grid, 1);
      const firsts = Array.from({ length: pages }, (_, i) => layoutOf(cameras, grid, i + 1).first);

      expect(firsts).toEqual(Array.from({ length: pages }, (_, i) => i * grid));
      expect(pages * grid).toBeGreaterThanOrEqual(cameras);
      expect((pages - 1) * grid).toBeLessThan(Math.max(1, cameras));
    }
  }
});

it("a page beyond the last is the last", () => {
  expect(layoutOf(5, 4, 99)).toMatchObject({ page: 2, first: 4 });
});

it("few cameras get large tiles, a last page keeps the size of the others", () => {
  expect(layoutOf(2, 16, 1)).toMatchObject({ columns: 2, rows: 1 });
  expect(layoutOf(5, 4, 2)).toMatchObject({ columns: 2, rows: 2 });
});
