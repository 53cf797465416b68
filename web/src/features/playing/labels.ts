/** Where words stand beside the boxes in a picture: within the frame, off their object, and off each other. */

import type { Box } from "./pictureBox";

export const LABEL_HEIGHT = 18;
const PADDING = 10;
const GAP = 2;

/** Wide enough for *words* at the size of the labels; letters of the east are as wide as high. */
export function labelWidth(words: string): number {
  let width = PADDING;
  for (const letter of words) width += (letter.codePointAt(0) ?? 0) > 0x2e7f ? 12.5 : 7;
  return width;
}

type Frame = { width: number; height: number };

/**
 * A place for each label, null where its box is out of sight or there is no room beside others. Above its box is best,
 * then below, then at its sides, and rather not on another box; where a box fills the frame its label has to lie on it.
 */
export function labelPlaces(boxes: readonly Box[], widths: readonly number[], frame: Frame): (Box | null)[] {
  const taken: Box[] = [];
  return boxes.map((box, i) => {
    const width = Math.min(widths[i] ?? 0, frame.width);
    if (width === 0 || !meets(box, { left: 0, top: 0, ...frame })) return null;
    const free = candidates(box, width, frame).filter((each) => !taken.some((other) => meets(each, other)));
    const place = free.find((each) => !boxes.some((other) => other !== box && meets(each, other))) ?? free[0];
    if (place) taken.push(place);
    return place ?? null;
  });
}

function candidates(box: Box, width: number, frame: Frame): Box[] {
  const size = { width, height: LABEL_HEIGHT };
  const within = (left: number) => Math.max(0, Math.min(left, frame.width - width));
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  const top = Math.max(0, Math.min(box.top, frame.height - LABEL_HEIGHT));
  const beside = [
    { left: within(box.left), top: box.top - LABEL_HEIGHT - GAP },
    { left: within(box.left), top: bottom + GAP },
    { left: within(right - width), top: box.top - LABEL_HEIGHT - GAP },
    { left: within(right - width), top: bottom + GAP },
    { left: right + GAP, top },
    { left: box.left - width - GAP, top },
  ].filter(
    ({ left, top }) => left >= 0 && top >= 0 && left + width <= frame.width && top + LABEL_HEIGHT <= frame.height,
  );
  const onIt = { left: within(box.left), top };
  return (beside.length > 0 ? beside : [onIt]).map((place) => ({ ...place, ...size }));
}

const meets = (a: Box, b: Box) =>
  a.left < b.left + b.width && b.left < a.left + a.width && a.top < b.top + b.height && b.top < a.top + a.height;
