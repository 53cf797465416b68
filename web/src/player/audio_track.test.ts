import { expect, test } from "vitest";

import { AudioTrack } from "./audio_track";
import { readFragments } from "./mp4";
import { audioFragment } from "./mp4_write";
import { bytesOf } from "./samples";
import samples from "./samples.json";

function sizeOf(type: string, bytes: Uint8Array): number {
  return new TextDecoder("latin1").decode(bytes).indexOf(type);
}

test("AAC passes as it is", () => {
  const track = new AudioTrack();
  const init = bytesOf(samples.aac.bytes);

  expect(track.init(init)).toBe(init);
  expect(track.media(init)).toBe(init);
});

test("Opus passes as it is, and its silence is whole packets of 20 ms", () => {
  const track = new AudioTrack();
  const init = bytesOf(samples.opus.bytes);

  const unchanged = [track.init(init), track.media(init)];
  const fill = readFragments(track.silence(10, 10.11) ?? new Uint8Array());

  expect(unchanged).toEqual([init, init]);
  expect(fill.map((sample) => sample.duration)).toEqual(new Array(6).fill(960));
  expect(fill[0]).toMatchObject({ decodeTime: 480_000, data: Uint8Array.of(0xfc, 0xff, 0xfe) });
});

test("G.711 becomes one FLAC run with the same times", () => {
  const track = new AudioTrack();
  const init = track.init(bytesOf(samples.pcma.bytes));
  const packet = { duration: 160, data: new Uint8Array(160) };

  const [first, ...more] = readFragments(track.media(audioFragment(2, 2 ** 33, [packet, packet])));

  expect(sizeOf("fLaC", init)).toBeGreaterThan(0);
  expect(more).toEqual([]);
  expect(first).toMatchObject({ decodeTime: 2 ** 33, duration: 320 });
});

test("silence of AAC fills a hole with whole frames, of G.711 exactly", () => {
  const [aac, pcma] = [new AudioTrack(), new AudioTrack()];
  aac.init(bytesOf(samples.aac.bytes));
  pcma.init(bytesOf(samples.pcma.bytes));
  const lengths = [aac, pcma].map((track) => {
    const fill = readFragments(track.silence(10, 11) ?? new Uint8Array());
    return [fill[0]?.decodeTime, fill.reduce((sum, sample) => sum + sample.duration, 0)];
  });

  expect(lengths).toEqual([
    [160_000, 16 * 1024],
    [80_000, 8000],
  ]);
});

test("no silence is made for a track that is not known, nor backwards", () => {
  const track = new AudioTrack();

  expect(track.silence(1, 2)).toBeNull();
  track.init(bytesOf(samples.pcma.bytes));
  expect(track.silence(2, 1)).toBeNull();
});
