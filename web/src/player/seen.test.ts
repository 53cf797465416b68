import { expect, test } from "vitest";

import type { MediaMessage } from "./media_message";
import { audioFragment } from "./mp4_write";
import { readBoxes, Seen } from "./seen";

const START_US = 1_795_381_595_000_000;

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function object(box: string, more = "", id = "7"): string {
  return `<tt:Object ObjectId="${id}"><tt:Appearance><tt:Shape><tt:BoundingBox ${box}/></tt:Shape>${more}</tt:Appearance></tt:Object>`;
}

function seen(objects: string, transformation = ""): Uint8Array<ArrayBuffer> {
  return bytes(
    `<?xml version="1.0" encoding="UTF-8"?><tt:MetadataStream xmlns:tt="http://www.onvif.org/ver10/schema"><tt:VideoAnalytics>` +
      `<tt:Frame UtcTime="2026-11-22T12:00:00Z">${transformation}${objects}</tt:Frame></tt:VideoAnalytics></tt:MetadataStream>`,
  );
}

/** Documents, each a tenth of a second after the one before. */
function message(documents: readonly Uint8Array<ArrayBuffer>[], utcUs = START_US): MediaMessage {
  const samples = documents.map((data) => ({ duration: 9000, data }));
  return { subscription: 1, kind: "fragment", track: 3, key: true, utcUs, payload: audioFragment(3, 90_000, samples) };
}

test("a box in ONVIF's own coordinates is told as fractions from the upper left", () => {
  const classes = `<tt:Class><tt:Type Likelihood="0.3">Vehicle</tt:Type><tt:Type Likelihood="0.7">Human</tt:Type></tt:Class>`;
  const found = readBoxes(seen(object(`left="-0.5" top="0.5" right="0" bottom="-1"`, classes)));

  expect(found).toEqual([{ left: 0.25, top: 0.25, right: 0.5, bottom: 1, id: "7", kind: "Human", likelihood: 0.7 }]);
});

test("a frame's own coordinates, an older class and a box turned around are understood", () => {
  const transformation = `<tt:Transformation><tt:Translate x="-1" y="-1"/><tt:Scale x="0.002" y="0.002"/></tt:Transformation>`;
  const older = `<tt:Class><tt:ClassCandidate><tt:Type>Face</tt:Type><tt:Likelihood>0.5</tt:Likelihood></tt:ClassCandidate></tt:Class>`;
  const found = readBoxes(seen(object(`left="500" top="0" right="0" bottom="1500"`, older), transformation));

  expect(found).toEqual([{ left: 0, top: 0, right: 0.5, bottom: 1, id: "7", kind: "Face", likelihood: 0.5 }]);
});

test("an object without a box, a document without a frame and one that is none tell nothing", () => {
  expect(readBoxes(seen(object(`left="x" top="0"`)))).toEqual([]);
  expect(readBoxes(bytes("<MetadataStream><Event/></MetadataStream>"))).toBeNull();
  expect(readBoxes(bytes("<html/>"))).toBeNull();
  expect(readBoxes(Uint8Array.of(255, 254, 0, 60))).toBeNull();
});

test("a picture has the boxes that were told last before it, for a second, whatever events came between", () => {
  const told = new Seen();
  const event = bytes("<MetadataStream><Event/></MetadataStream>");
  const [first, second] = ["1", "2"].map((id) => seen(object(`left="0" top="1" right="1" bottom="0"`, "", id)));
  told.push(message([first ?? event, event, second ?? event]));

  const ids = [-1, 0, 150_000, 200_000, 1_199_000, 1_300_000].map((us) => told.at(START_US + us).map(({ id }) => id));

  expect(ids).toEqual([[], ["1"], ["1"], ["2"], ["2"], []]);
  expect(told.at(START_US)).toBe(told.at(START_US + 10));
});

test("what comes in another order is put in order, and an empty frame ends the boxes", () => {
  const told = new Seen();
  told.push(message([seen("")], START_US + 500_000));
  told.push(message([seen(object(`left="0" top="1" right="1" bottom="0"`))]));

  expect(told.at(START_US + 499_000)).toHaveLength(1);
  expect(told.at(START_US + 500_000)).toEqual([]);
});

/** An object, its left edge at a part of the picture's width, a fifth of the picture wide. */
function at(part: number, id = "7"): Uint8Array<ArrayBuffer> {
  const left = part * 2 - 1;
  return seen(object(`left="${left}" top="1" right="${left + 0.4}" bottom="0"`, "", id));
}

test("between two frames an object is on its way from one to the other", () => {
  const told = new Seen();
  told.push(message([at(0.2), at(0.4), at(0.4)]));

  const lefts = [0, 50_000, 100_000, 150_000].map((us) => told.at(START_US + us)[0]?.left);

  expect(lefts.map((left) => left?.toFixed(2))).toEqual(["0.20", "0.30", "0.40", "0.40"]);
});

test("after the last frame an object goes on where it was heading, for no longer than frames are apart", () => {
  const told = new Seen();
  told.push(message([at(0.2), at(0.3)]));

  const lefts = [150_000, 200_000, 900_000].map((us) => told.at(START_US + us)[0]?.left.toFixed(2));

  expect(lefts).toEqual(["0.35", "0.40", "0.40"]);
});

test("an object that nobody can tell from others, or that is new, stands where it was told", () => {
  const told = new Seen();
  told.push(message([at(0.2, ""), at(0.4, ""), at(0.6, "8")]));

  const lefts = [50_000, 150_000, 250_000].map((us) => told.at(START_US + us)[0]?.left.toFixed(2));

  expect(lefts).toEqual(["0.20", "0.40", "0.60"]);
});

test("a box that moves on never leaves the picture nor turns over", () => {
  const told = new Seen();
  told.push(message([at(0), at(0.7)]));

  const box = told.at(START_US + 200_000)[0];

  expect(box?.right).toBe(1);
  expect(box?.left).toBe(1);
});
