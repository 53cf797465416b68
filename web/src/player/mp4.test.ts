import { describe, expect, test } from "vitest";

import { readFragments, readInit } from "./mp4";
import { bytesOf } from "./samples";
import samples from "./samples.json";

describe("an init segment", () => {
  test("of H.264 gives codec string, size and decoder configuration", () => {
    const track = readInit(bytesOf(samples.h264.bytes));

    expect(track).toMatchObject({ kind: "video", codec: "h264", track: 1, timescale: 90_000, width: 160, height: 96 });
    expect(track.codecString.toLowerCase()).toBe(samples.h264.codecString.toLowerCase());
    expect(track.kind === "video" && track.configuration[0]).toBe(1);
  });

  test("of H.265 gives the same codec string as our Python", () => {
    const track = readInit(bytesOf(samples.h265.bytes));

    expect(track).toMatchObject({ codec: "h265", codecString: samples.h265.codecString, width: 160, height: 96 });
  });

  test("of AAC gives the audio object type", () => {
    const track = readInit(bytesOf(samples.aac.bytes));

    expect(track).toMatchObject({ kind: "audio", track: 2, codec: "aac", codecString: "mp4a.40.2", timescale: 16_000 });
  });

  test("of MJPEG gives its size, and of Opus its channels", () => {
    const { bytes, codecString, width, height } = samples.mjpeg;

    expect(readInit(bytesOf(bytes))).toMatchObject({ kind: "video", codec: "mjpeg", codecString, width, height });
    expect(readInit(bytesOf(samples.opus.bytes))).toMatchObject({ codec: "opus", timescale: 48_000, channels: 2 });
  });

  test("of G.711 gives its law and rate", () => {
    expect(readInit(bytesOf(samples.pcma.bytes))).toMatchObject({ codec: "pcma", timescale: 8000, channels: 1 });
  });
});

describe("fragments", () => {
  test("with and without prft give samples with times, shifts and keys", () => {
    const { decodeTime, durations, shifts, frames, bytes } = samples.fragments;

    const read = readFragments(bytesOf(bytes));

    const [d0 = 0, d1 = 0] = durations;
    expect(read).toHaveLength(6);
    expect(read.slice(0, 3).map((sample) => new TextDecoder().decode(sample.data))).toEqual(frames);
    expect(read.slice(3).map((sample) => sample.decodeTime)).toEqual([
      decodeTime,
      decodeTime + d0,
      decodeTime + d0 + d1,
    ]);
    expect(read.slice(3).map((sample) => sample.shift)).toEqual(shifts);
    expect(read.map((sample) => sample.key)).toEqual([true, false, false, true, false, false]);
  });

  test("that are cut or spoiled are refused, never more than that", () => {
    const whole = bytesOf(samples.fragments.bytes);
    let refused = 0;
    for (let at = 0; at < whole.length; at++) {
      const spoiled = whole.slice();
      spoiled[at] = (spoiled[at] ?? 0) ^ 0xff;
      for (const bytes of [spoiled, whole.slice(0, at)]) {
        try {
          readFragments(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          refused++;
        }
      }
    }

    expect(refused).toBeGreaterThan(whole.length);
  });
});
