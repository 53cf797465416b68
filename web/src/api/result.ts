import type { Problem } from "./gen";

/** What a request came to: a value, or a problem with words for the person. */
export type Result<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** A problem as an exception, for TanStack Query, which tells failure by throwing. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

export function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new ProblemError(result.problem);
  return result.value;
}

/** The problem in whatever was thrown. */
export function problemOf(error: unknown, fallback: Problem): Problem {
  return error instanceof ProblemError ? error.problem : fallback;
}

/** Bodies come from outside: only what has a title is a problem document of ours. */
export function readProblem(body: unknown, status: number, fallback: Problem): Problem {
  if (typeof body !== "object" || body === null || !("title" in body) || typeof body.title !== "string") {
    return { ...fallback, status };
  }
  const detail = "detail" in body && typeof body.detail === "string" ? body.detail : null;
  const field = "field" in body && typeof body.field === "string" ? body.field : null;
  const type = "type" in body && typeof body.type === "string" ? body.type : fallback.type;
  return { type, title: body.title, status, detail, field };
}
