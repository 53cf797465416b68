/** Which previews a visible range needs: pieces on a fixed grid, so that moving the view asks only for what is new. */

import type { Range } from "../timeline";

const STEPS_US = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400].map((seconds) => seconds * 1e6);
/** At least this many pictures lie in the visible range, unless key frames are further apart. */
const PICTURES = 60;
export const STEPS_A_PIECE = 30;

export interface PreviewPiece extends Range {
  stepUs: number;
}

export function previewPieces(range: Range, nowUs: number): PreviewPiece[] {
  const wished = (range.toUs - range.fromUs) / PICTURES;
  const stepUs = STEPS_US.findLast((step) => step <= wished) ?? 1e6;
  const size = stepUs * STEPS_A_PIECE;
  const found: PreviewPiece[] = [];
  for (let fromUs = Math.floor(range.fromUs / size) * size; fromUs < Math.min(range.toUs, nowUs); fromUs += size) {
    found.push({ fromUs, toUs: fromUs + size, stepUs });
  }
  return found;
}

/** Pieces near the moment that a person looks at come first. */
export function nearestFirst(pieces: readonly PreviewPiece[], aboutUs: number): PreviewPiece[] {
  const far = ({ fromUs, toUs }: PreviewPiece): number => Math.abs((fromUs + toUs) / 2 - aboutUs);
  return [...pieces].sort((one, other) => far(one) - far(other));
}
