import { expect, test } from "vitest";

import { MessageReader } from "./message_reader";

function framed(kind: number, payload: number[]): number[] {
  return [0, 0, 0, 16 + payload.length, 0, 0, kind, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, ...payload];
}

test("messages are found whatever the pieces they come in", () => {
  const body = [...framed(0, [1, 2]), ...framed(3, [123, 125]), ...framed(2, [3])];

  for (const size of [1, 7, body.length]) {
    const reader = new MessageReader();
    const found = [];
    for (let at = 0; at < body.length; at += size)
      found.push(...reader.feed(new Uint8Array(body.slice(at, at + size))));

    expect(found.map(({ kind, utcUs, payload }) => [kind, utcUs, [...payload]])).toEqual([
      ["init", 9, [1, 2]],
      ["fragment", 9, [3]],
    ]);
  }
});

test("an impossible length is refused, however it goes on", () => {
  expect(() => new MessageReader().feed(new Uint8Array([255, 0, 0, 0]))).toThrow(RangeError);
});
