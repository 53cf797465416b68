import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import { keys } from "../../api/queries";
import type { Result } from "../../api/result";
import type { Problem } from "../../api/gen";

/** Send a form that signs in; once it succeeded everything is asked for anew, as that person. */
export function useEntry(): {
  busy: boolean;
  problem: Problem | null;
  enter: (request: Promise<Result<unknown>>) => void;
} {
  const cache = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const enter = (request: Promise<Result<unknown>>) => {
    setBusy(true);
    setProblem(null);
    void request.then(async (result) => {
      if (result.ok) {
        cache.removeQueries({ predicate: (query) => query.queryKey[0] !== keys.session[0] });
        await cache.invalidateQueries({ queryKey: keys.session });
      } else setProblem(result.problem);
      setBusy(false);
    });
  };
  return { busy, problem, enter };
}
