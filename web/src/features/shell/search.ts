import type { Camera } from "../../api/gen";

const SHOWN = 12;

/** Cameras whose name holds every word of *words*, whatever the case and the accents. */
export function matching(cameras: readonly Camera[], words: string): Camera[] {
  const plain = (s: string) => s.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = plain(words).split(/\s+/).filter(Boolean);
  return cameras.filter((camera) => wanted.every((word) => plain(camera.name).includes(word))).slice(0, SHOWN);
}
