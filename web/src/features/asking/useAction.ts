import { useState } from "react";

import type { Problem } from "../../api/gen";
import type { Result } from "../../api/result";
import { useToast } from "../../design/Toast";

/** One request of a form or dialog: whether it is under way, and what was wrong with it. */
export function useAction() {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const run = async <T>(asking: Promise<Result<T>>): Promise<Result<T>> => {
    setBusy(true);
    setProblem(null);
    const answer = await asking;
    setBusy(false);
    if (!answer.ok) setProblem(answer.problem);
    return answer;
  };
  return { busy, problem, run };
}

/** One request of a button: what went wrong is told in passing. Resolves to the value, or to null. */
export function useTold() {
  const toast = useToast();
  return async <T>(asking: Promise<Result<T>>): Promise<{ value: T } | null> => {
    const answer = await asking;
    if (answer.ok) return { value: answer.value };
    toast({ title: answer.problem.title, detail: answer.problem.detail ?? undefined, tone: "bad" });
    return null;
  };
}
