/** The layer of a recording: what is asked for, and the engine that shows it. */

import type { PlaybackEngine } from "./engine";
import { Layer, type LayerEvents } from "./layer";
import { MsePlayback } from "./mse_playback";
import type { Pace, PaceOptions } from "./pace";
import type { PlayHead } from "./playback_clock";
import type { SessionHost } from "./session";
import { WebCodecsPlayback } from "./webcodecs_playback";
import { WebCodecsRewind } from "./webcodecs_rewind";

export interface PlaybackOptions extends PaceOptions {
  camera: string;
  volume: number;
  /** The clock of several cameras in step; null for one that plays by itself. */
  head: PlayHead | null;
}

/** Ask for a recording from a moment on, as `pace` says; sound is the element's, all else WebCodecs' where it can. */
export function playbackLayer(
  host: SessionHost,
  { camera, volume, head }: PlaybackOptions,
  pace: Pace,
  fromUs: number,
  events: LayerEvents,
): Layer<PlaybackEngine> {
  const { untilUs, speed, heard: audio } = pace;
  const { stream, frames, backwards } = pace.manner;
  return new Layer<PlaybackEngine>({
    socket: host.socket,
    capability: host.capability,
    request: { mode: "playback", camera, stream, audio, fromUs, untilUs, speed, frames },
    prefer: audio ? "mse" : "webcodecs",
    only: backwards,
    volume,
    make: (kind, made) => {
      const context = { ...made, fromUs, rate: speed, head };
      if (backwards) return new WebCodecsRewind(context);
      return kind === "mse" ? new MsePlayback(context) : new WebCodecsPlayback(context);
    },
    events,
  });
}
