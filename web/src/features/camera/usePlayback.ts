import { useEffect, useState } from "react";

import type { Camera } from "../../api/gen";
import type { Player, PlayerState } from "../../player";
import { SECOND_US } from "../../text/time";
import { navigate } from "../shell/navigation";
import { setPreferences, usePreferences } from "../shell/preferences";
import { cameraHref, type CameraPart } from "../shell/routes";
import { besideRate, shuttled } from "./rates";

export type StreamName = "main" | "sub";

export type Playback = {
  live: boolean;
  paused: boolean;
  rate: number;
  sound: boolean;
  volume: number;
  seek: (us: number) => void;
  /** As the play head is dragged: the address follows when it is let go. */
  scrub: (us: number, held: boolean) => void;
  skip: (seconds: number) => void;
  goLive: () => void;
  togglePause: () => void;
  step: (frames: number) => void;
  setRate: (rate: number) => void;
  /** One step faster or slower. */
  nudge: (way: 1 | -1) => void;
  /** Forwards or backwards, and each again faster. */
  shuttle: (way: 1 | -1) => void;
  setSound: (on: boolean) => void;
  setVolume: (volume: number) => void;
};

/** Where the archive may be entered: whole milliseconds, so that the address that names the moment stays short. */
const rounded = (us: number) => Math.round(us / 1000) * 1000;

/**
 * What is played and how. The address is the truth about where: *atUs* is the moment it names, null means live; a seek
 * is a move to another address.
 */
export function usePlayback(
  camera: Camera,
  atUs: number | null,
  { stream, part, nowUs }: { stream: StreamName; part: CameraPart; nowUs: () => number },
  player: Player | null,
  state: PlayerState,
): Playback {
  const { volume } = usePreferences();
  const [again, setAgain] = useState(0);
  const [rate, setRate] = useState(1);
  const [sound, setSound] = useState(false);
  const live = atUs === null;
  const paused = state.kind === "paused";
  const recordable = camera.state.phase !== "disabled";
  const hasSub = camera.sub_url !== "";

  // First: what is asked for depends on the speed.
  useEffect(() => player?.setRate(live ? 1 : rate), [player, rate, live, atUs]);
  useEffect(() => {
    if (atUs !== null) player?.playback(camera.id, atUs, { stream, sound, hasSub });
    else if (recordable) player?.live(camera.id, { main: true, sound });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- sound is switched in the running player by the effect below
  }, [player, camera.id, atUs, again, stream, recordable]);
  useEffect(() => player?.setSound(sound, volume), [player, sound, volume]);

  const seek = (us: number) => {
    const to = rounded(us);
    if (to >= nowUs() - SECOND_US) goLive();
    else if (to === atUs) setAgain((n) => n + 1);
    else navigate(cameraHref(camera.id, to, part), { replace: true });
  };
  const goLive = () => {
    setRate(1);
    if (live) setAgain((n) => n + 1);
    else navigate(cameraHref(camera.id, null, part), { replace: true });
  };
  const position = () => player?.currentUtcUs() ?? atUs ?? nowUs();
  /** Whoever chooses a speed wants to see it; the present can only be left backwards. */
  const play = (at: number) => {
    setRate(at);
    if (live && at < 0) seek(position() - SECOND_US);
    else if (paused && !live) player?.resume();
  };

  return {
    live,
    paused,
    rate,
    sound,
    volume,
    seek,
    scrub: (us, held) => (held ? player?.playback(camera.id, us, { stream, sound, hasSub }) : seek(us)),
    goLive,
    skip: (seconds) => seek(position() + seconds * SECOND_US),
    togglePause: () => {
      if (!paused) player?.pause();
      // Whoever paused live wants to see what came since, not to miss it: go on from there in the archive.
      else if (live) seek(position());
      else player?.resume();
    },
    step: (frames) => player?.step(frames),
    setRate: play,
    nudge: (way) => play(besideRate(rate, way)),
    shuttle: (way) => play(shuttled(live ? 1 : rate, way)),
    setSound,
    setVolume: (to) => setPreferences({ volume: to }),
  };
}
