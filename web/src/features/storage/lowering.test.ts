import { describe, expect, it } from "vitest";

import type { Storage } from "../../api/gen";
import { costOfDepth, costOfSize, isLower, typedDays } from "./lowering";

const storage = (days: number | null, limit: number | null = null, perDay: number | null = 1e9) =>
  ({
    depth: { days, current_days: 20, pending: null },
    size_limit_bytes: limit,
    forecast: { state: "filling", full_at: null, bytes_per_day: perDay },
    volumes: [{ archive_bytes: 6e9 }, { archive_bytes: 4e9 }],
  }) as Storage;

describe("what another depth costs", () => {
  it("is the footage older than it", () => {
    expect(costOfDepth(storage(30), 7)).toEqual({ lower: true, days: 13, bytes: 13e9 });
  });

  it("is nothing where nothing is that old, though it is lower", () => {
    expect(costOfDepth(storage(90), 30)).toEqual({ lower: true, days: 0, bytes: 0 });
  });

  it("is nothing where it is longer or unlimited", () => {
    expect(costOfDepth(storage(30), 60).lower).toBe(false);
    expect(costOfDepth(storage(30), null)).toEqual({ lower: false, days: 0, bytes: 0 });
  });

  it("has no size before a day of recording is known", () => {
    expect(costOfDepth(storage(null, null, null), 7)).toEqual({ lower: true, days: 13, bytes: null });
  });
});

it("a size limit costs what does not fit under it", () => {
  expect(costOfSize(storage(30), 8e9)).toEqual({ lower: true, bytes: 2e9 });
  expect(costOfSize(storage(30, 8e9), 20e9)).toEqual({ lower: false, bytes: 0 });
  expect(costOfSize(storage(30, 8e9), null)).toEqual({ lower: false, bytes: 0 });
});

it("unlimited is longer than any number of days", () => {
  expect([isLower(360, null), isLower(null, 1), isLower(null, null), isLower(5, 5)]).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

it("days are whole, from 1 to 360", () => {
  expect(["1", "360", "0", "361", "2.5", "", "x", "-3"].map(typedDays)).toEqual([
    1,
    360,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});
