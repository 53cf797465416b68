import { type GridSize, gridSizes } from "../shell/routes";

export type Layout = { grid: GridSize; page: number; pages: number; first: number; columns: number; rows: number };

/** The smallest grid that shows every camera, the largest there is where none does. */
export function fittingGrid(cameras: number): GridSize {
  return gridSizes.find((size) => size >= cameras) ?? 16;
}

/** How *cameras* lie on the wall; a page beyond the last is the last. */
export function layoutOf(cameras: number, grid: GridSize | null, page: number): Layout {
  const size = grid ?? fittingGrid(cameras);
  const pages = Math.max(1, Math.ceil(cameras / size));
  const shownPage = Math.min(page, pages);
  const first = (shownPage - 1) * size;
  // A last page with few cameras keeps the grid, so that tiles don't jump in size from page to page.
  const tiles = pages > 1 ? size : Math.max(1, Math.min(size, cameras));
  const columns = Math.ceil(Math.sqrt(tiles));
  return { grid: size, page: shownPage, pages, first, columns, rows: Math.ceil(tiles / columns) };
}
