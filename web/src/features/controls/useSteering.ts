import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import type { Camera, Controls } from "../../api/gen";
import { keys, useClient } from "../../api/queries";
import type { Result } from "../../api/result";
import { useTold } from "../asking/useAction";
import { Mover } from "./mover";
import type { Way } from "./steering";

/** Ask the camera to do something, show how it stands after that, and say what went wrong. */
export function useSteer(camera: Camera): (asking: Promise<Result<Controls>>) => Promise<boolean> {
  const cache = useQueryClient();
  const told = useTold();
  return async (asking) => {
    const done = await told(asking);
    if (done) cache.setQueryData<Controls>(keys.controls(camera.id), done.value);
    return done !== null;
  };
}

/** Moves the camera while it is held; leaving the page lets go. */
export function usePtzMover(camera: Camera): Mover<Way> {
  const client = useClient();
  const steer = useSteer(camera);
  const [mover] = useState(
    () =>
      new Mover<Way>(
        (way) => steer(client.steerPtz(camera.id, { do: "move", ...way })),
        () => steer(client.steerPtz(camera.id, { do: "stop" })),
      ),
  );
  useReleased(mover);
  return mover;
}

/** Moves the focus while it is held: nearer is negative. */
export function useFocusMover(camera: Camera): Mover<number> {
  const client = useClient();
  const steer = useSteer(camera);
  const [mover] = useState(
    () =>
      new Mover<number>(
        (value) => steer(client.steerFocus(camera.id, { do: "move", value })),
        () => steer(client.steerFocus(camera.id, { do: "stop" })),
      ),
  );
  useReleased(mover);
  return mover;
}

function useReleased(mover: { release: () => void }): void {
  useEffect(() => {
    const release = () => mover.release();
    window.addEventListener("blur", release);
    return () => {
      window.removeEventListener("blur", release);
      mover.release();
    };
  }, [mover]);
}
