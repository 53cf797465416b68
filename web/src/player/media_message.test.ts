import { describe, expect, test } from "vitest";

import { parseMediaMessage } from "./media_message";
import { bytesOf } from "./samples";
import samples from "./samples.json";

describe("a media message", () => {
  test("that our Python encoded is read whole", () => {
    const message = parseMediaMessage(bytesOf(samples.message.bytes).buffer);

    expect(message).toMatchObject({
      subscription: 513,
      kind: "burst",
      track: 1,
      key: true,
      utcUs: samples.message.utcUs,
    });
    expect(new TextDecoder().decode(message.payload)).toBe("media");
  });

  test("that is too short or of an unknown kind is refused", () => {
    const unknown = new Uint8Array(16);
    unknown[2] = 9;

    expect(() => parseMediaMessage(new ArrayBuffer(15))).toThrow(RangeError);
    expect(() => parseMediaMessage(unknown.buffer)).toThrow(RangeError);
  });
});
