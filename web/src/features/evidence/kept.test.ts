import { describe, expect, it } from "vitest";

import { accepted, isKnown, type KeptHead, nothingKept, readHead, readKept, witnessed } from "./kept";

const head = (size: number, root = `root ${size}`, ledger = "recorder/2026-11-22", volume = "vol_a"): KeptHead => {
  const line = { id: `h${size}${root}`, utc: "2026-11-22T12:00:00Z", ledger, volume, size, root };
  const read = readHead(line, "tawny head v1\n");
  if (!read) throw new Error("a head");
  return read;
};
const after = (...heads: KeptHead[]) => heads.reduce(witnessed, nothingKept);

describe("a witness", () => {
  it("keeps the newest head of each ledger", () => {
    const kept = after(
      head(1),
      head(5),
      head(2, "x", "recorder/2026-11-23"),
      head(3, "y", "recorder/2026-11-22", "vol_b"),
    );

    expect(kept.broken).toBeNull();
    expect(kept.heads.map(({ size }) => size).sort()).toEqual([2, 3, 5]);
  });

  it("complains of a ledger that has become shorter, and keeps what it had", () => {
    const kept = after(head(5), head(4), head(9));

    expect(kept.broken).toMatchObject({ ledger: "recorder/2026-11-22", seen: { size: 5 }, now: { size: 4 } });
    expect(kept.heads.map(({ size }) => size)).toEqual([5]);
  });

  it("complains of another root at the same length", () => {
    expect(after(head(5, "a"), head(5, "b")).broken).not.toBeNull();
  });

  it("is content with the same head again", () => {
    const kept = after(head(5), head(5));

    expect(kept.broken).toBeNull();
    expect(isKnown(kept, head(5))).toBe(true);
    expect(isKnown(kept, head(6))).toBe(false);
  });

  it("goes on from there once a person has looked into it", () => {
    const kept = accepted(after(head(5), head(4)));

    expect(kept).toMatchObject({ heads: [{ size: 4 }], broken: null });
    expect(witnessed(kept, head(6)).broken).toBeNull();
  });

  it("keeps a bounded number of ledgers", () => {
    const days = Array.from({ length: 300 }, (_, day) => head(1, "r", `recorder/${day}`));

    expect(after(...days).heads).toHaveLength(120);
    expect(after(...days).heads.at(-1)?.ledger).toBe("recorder/299");
  });
});

it("what was stored is read back", () => {
  for (const kept of [after(head(5)), after(head(5), head(4))]) {
    expect(readKept(JSON.stringify(kept))).toEqual(kept);
  }
});

it("storage may hold anything", () => {
  for (const stored of [null, "", "{", "[]", "5", '{"heads": 5}', '{"heads": [null, 5, {}, {"line": {}}]}']) {
    expect(readKept(stored)).toEqual(nothingKept);
  }
});

it("an answer without a head is none", () => {
  expect(readHead(null, null)).toBeNull();
  expect(readHead({ id: "x", size: "5" }, "")).toBeNull();
});
