import { expect, it } from "vitest";

import { dayAfterKey } from "./dayKeys";

it("arrows walk days and weeks within the month", () => {
  const day = { year: 2026, month: 11, day: 8 };

  expect(dayAfterKey(day, "ArrowRight")).toMatchObject({ day: 9 });
  expect(dayAfterKey(day, "ArrowUp")).toMatchObject({ day: 1 });
  expect(dayAfterKey({ ...day, day: 1 }, "ArrowLeft")).toBeNull();
  expect(dayAfterKey({ ...day, day: 28 }, "ArrowDown")).toBeNull();
  expect(dayAfterKey(day, "Enter")).toBeNull();
});
