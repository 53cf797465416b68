import { useState } from "react";

import { useCameraCache, useClient } from "../../api/queries";
import type { Camera, ChangeCamera, Problem } from "../../api/gen";

/** Change settings of a camera and show the answer. Resolves to whether it worked; the problem is kept for the form. */
export function useChange(camera: Camera) {
  const client = useClient();
  const cache = useCameraCache();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const change = async (wanted: ChangeCamera): Promise<boolean> => {
    setBusy(true);
    setProblem(null);
    const answer = await client.changeCamera(camera.id, wanted);
    if (answer.ok) cache.put(answer.value);
    else setProblem(answer.problem);
    setBusy(false);
    return answer.ok;
  };
  return { busy, problem, change };
}
