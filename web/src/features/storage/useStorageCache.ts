import { useQueryClient } from "@tanstack/react-query";

import type { Storage } from "../../api/gen";
import { keys } from "../../api/queries";
import type { Result } from "../../api/result";

/** Show what an answer brought without waiting for the recorder to tell of it. */
export function useStorageCache() {
  const cache = useQueryClient();
  return async (asking: Promise<Result<Storage>>): Promise<Result<Storage>> => {
    const answer = await asking;
    if (answer.ok) cache.setQueryData<Storage>(keys.storage, answer.value);
    return answer;
  };
}
