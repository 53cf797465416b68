import { type RefCallback, useEffect, useEffectEvent, useState } from "react";

import { Player, type PlayerState } from "../../player";
import { useMediaSocket } from "../shell/media";

type PlayerHandle = { attach: RefCallback<HTMLElement>; player: Player | null; state: PlayerState };

const idle: PlayerState = { kind: "idle" };

/** A player in the element that *attach* is given to. It streams only while that element can be seen. */
export function usePlayer(onTime?: (utcUs: number) => void): PlayerHandle {
  const socket = useMediaSocket();
  const [container, attach] = useState<HTMLElement | null>(null);
  const [player, setPlayer] = useState<Player | null>(null);
  const [state, setState] = useState<PlayerState>(idle);
  const tellTime = useEffectEvent((utcUs: number) => onTime?.(utcUs));

  useEffect(() => {
    if (!socket || !container) return;
    const made = new Player({ container, socket, onState: setState, onTime: (utcUs) => tellTime(utcUs) });
    // eslint-disable-next-line react-hooks/set-state-in-effect -- the player can only be made once its element exists
    setPlayer(made);
    const stopWatching = watchVisibility(container, (visible) => made.setVisible(visible));
    return () => {
      stopWatching();
      made.close();
      setPlayer(null);
      setState(idle);
    };
  }, [socket, container]);

  return { attach, player, state };
}

/** Hidden tabs and tiles stop streaming: tell whether *element* can be seen, now and at each change. */
function watchVisibility(element: HTMLElement, tell: (visible: boolean) => void): () => void {
  let onScreen = true;
  const update = () => tell(onScreen && document.visibilityState === "visible");
  const observer = new IntersectionObserver((entries) => {
    onScreen = entries.at(-1)?.isIntersecting ?? true;
    update();
  });
  observer.observe(element);
  document.addEventListener("visibilitychange", update);
  return () => {
    observer.disconnect();
    document.removeEventListener("visibilitychange", update);
  };
}
