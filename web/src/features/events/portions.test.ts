import { expect, it } from "vitest";

import type { CameraEvent, CameraEvents } from "../../api/gen";
import { listedOf, missingIn } from "./portions";

/** Events of so many seconds after midnight. */
const page = (seconds: readonly number[], next: string | null): CameraEvents => ({
  items: seconds.map(
    (at) => ({ id: String(at), at: `2026-11-22T00:00:${String(at).padStart(2, "0")}Z` }) as CameraEvent,
  ),
  next,
});
const second = (at: number) => Date.parse("2026-11-22T00:00:00Z") * 1000 + at * 1e6;

it("portions are asked for until there are none, each from where the one before ended", async () => {
  const asked: (string | null)[] = [];
  const answers = [page([9, 8], "after 8"), page([7], null)];

  const listed = await listedOf((before) => {
    asked.push(before);
    return Promise.resolve(answers[asked.length - 1] ?? page([], null));
  }, 5);

  expect(asked).toEqual([null, "after 8"]);
  expect(listed.events.map(({ id }) => id)).toEqual(["9", "8", "7"]);
  expect(listed.completeFromUs).toBeNull();
});

it("what is too much is not asked for, and where it begins is told", async () => {
  const listed = await listedOf(() => Promise.resolve(page([9, 8], "more")), 2);

  expect(listed.events).toHaveLength(4);
  expect(listed.completeFromUs).toBe(second(8));
});

it("only what is missing in view is missed", () => {
  const cut = { events: [], completeFromUs: second(8) };
  const whole = { events: [], completeFromUs: null };

  expect(missingIn([whole], second(0), second(20))).toBeNull();
  expect(missingIn([cut, whole], second(9), second(20))).toBeNull();
  expect(missingIn([whole, cut], second(0), second(20))).toBe(second(8));
  expect(missingIn([cut], second(0), second(5))).toBe(second(5));
});
