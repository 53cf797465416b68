import { describe, expect, test } from "vitest";

import { microseconds, readNote, rfc3339 } from "./notes";

describe("times", () => {
  test("keep their microseconds both ways", () => {
    expect(rfc3339(1_795_381_595_500_123)).toBe("2026-11-22T21:06:35.500123Z");
    expect(microseconds("2026-11-22T21:06:35.500123Z")).toBe(1_795_381_595_500_123);
    expect(microseconds("2026-11-22T22:06:35.5+01:00")).toBe(1_795_381_595_500_000);
  });
});

describe("notes", () => {
  test("that open a stream tell origin and tracks", () => {
    const tracks = { "1": { codec: "h264", codec_string: "avc1.640028", width: 1920, height: 1080 } };

    const note = readNote({ type: "opened", origin_us: 5, tracks });

    expect(note?.type === "opened" && note.originUs).toBe(5);
    expect(note?.type === "opened" && note.tracks.get(1)?.codecString).toBe("avc1.640028");
  });

  test("of a gap tell when and why", () => {
    const [from, to] = ["2026-11-22T10:00:00Z", "2026-11-22T10:00:01Z"];

    const note = readNote({ type: "gap", from, to, reason: "disk", title: "The disk was full." });

    expect(note).toMatchObject({ reason: "disk", title: "The disk was full.", from, to });
    expect(note?.type === "gap" && note.toUs - note.fromUs).toBe(1e6);
  });

  test("of a problem tell its kind and its remedy", () => {
    const problem = { type: "urn:tawny:problem:unavailable", title: "It is down.", detail: "Wait." };

    expect(readNote({ type: "problem", problem })).toEqual({
      type: "problem",
      kind: "unavailable",
      title: "It is down.",
      remedy: "Wait.",
    });
  });

  test.each([null, 7, "gap", [], {}, { type: "gap" }, { type: "tomorrow" }, { type: "gap", from: "x", to: 3 }])(
    "that say nothing we know are passed over: %j",
    (value) => {
      expect(readNote(value)).toBeNull();
    },
  );
});
