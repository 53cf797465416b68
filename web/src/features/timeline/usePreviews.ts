import { useEffect, useState } from "react";

import { fetchPreviews } from "../../api/client";
import type { Camera } from "../../api/gen";
import { Previews } from "../../player";

/** Small pictures of what can be pointed at, fetched ahead of the pointer. Null before the first effect. */
export function usePreviews(
  cameras: readonly Camera[],
  range: { fromUs: number; toUs: number },
  aboutUs: number,
  nowUs: number,
): Previews | null {
  const [previews, setPreviews] = useState<Previews | null>(null);
  useEffect(() => {
    const made = new Previews(fetchPreviews);
    // eslint-disable-next-line react-hooks/set-state-in-effect -- it holds pictures, so it has to be closed again
    setPreviews(made);
    return () => made.close();
  }, []);
  const wished = JSON.stringify(
    cameras.map(({ id, sub_url }) => ({ camera: id, stream: sub_url === "" ? "main" : "sub" })),
  );
  const { fromUs, toUs } = range;
  const freshUs = Math.floor(nowUs / FRESH_US) * FRESH_US;
  useEffect(() => {
    const known = JSON.parse(wished) as { camera: string; stream: "main" | "sub" }[];
    previews?.want(known, { fromUs, toUs }, aboutUs, freshUs);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- where the play head is only decides what comes first
  }, [previews, wished, fromUs, toUs, freshUs]);
  return previews;
}

/** How often what was just recorded is looked at. */
const FRESH_US = 20e6;
