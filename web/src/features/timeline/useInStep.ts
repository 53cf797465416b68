import { useEffect, useEffectEvent, useState } from "react";

import { InStep, type InStepState } from "../../player";
import { SECOND_US } from "../../text/time";
import { besideRate, shuttled } from "../camera/rates";
import type { Playback } from "../camera/usePlayback";

type Steering = { step: InStep | null; playback: Playback };

/** How far behind the present recordings are entered: a fragment is written when it is whole. */
const BEHIND_NOW_US = 5 * SECOND_US;

/** Several recordings on one clock, steered as one player is. */
export function useInStep(
  firstUs: number,
  now: () => number,
  onTime: (us: number) => void,
  onSought: (us: number) => void,
): Steering {
  const [step, setStep] = useState<InStep | null>(null);
  const [state, setState] = useState<InStepState>("loading");
  const [rate, setRate] = useState(1);
  const tellTime = useEffectEvent((us: number) => onTime(us));
  const begin = useEffectEvent(
    () => new InStep(Math.min(firstUs, now() - BEHIND_NOW_US), { time: (us) => tellTime(us), state: setState }),
  );
  useEffect(() => {
    const made = begin();
    // eslint-disable-next-line react-hooks/set-state-in-effect -- it runs by itself, so it has to be ended again
    setStep(made);
    return () => made.close();
  }, []);

  const seek = (us: number) => {
    const to = Math.round(Math.min(us, now() - BEHIND_NOW_US) / 1000) * 1000;
    step?.seek(to);
    onSought(to);
  };
  const play = (at: number) => {
    setRate(at);
    step?.setRate(at);
    step?.play();
  };
  const paused = state === "paused";
  const playback: Playback = {
    live: false,
    paused,
    rate,
    sound: false,
    volume: 0,
    seek,
    scrub: (us, held) => (held ? step?.seek(Math.min(us, now() - BEHIND_NOW_US)) : seek(us)),
    goLive: () => seek(now()),
    skip: (seconds) => seek((step?.positionUs ?? firstUs) + seconds * SECOND_US),
    togglePause: () => (paused ? step?.play() : step?.pause()),
    step: (frames) => step?.step(frames),
    setRate: play,
    nudge: (way) => play(besideRate(rate, way)),
    shuttle: (way) => play(shuttled(rate, way)),
    setSound: () => undefined,
    setVolume: () => undefined,
  };
  return { step, playback };
}
