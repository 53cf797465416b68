/**
 * The player: a camera's picture, live or recorded, in a container. It knows no framework.
 *
 * `media_socket` is the page's one connection and its subscriptions; `layer` joins a subscription with the engine that
 * shows it; `live_session` and `playback_session` decide what is asked for and shown; `stage` lays pictures over each
 * other; `in_step` leads several players by one clock. Engines: `webcodecs_*` (canvas; live 0.03 s behind, frame by frame; MJPEG too, with `sound_beside`) and `mse_*` (`<video>`; sound, and every
 * browser). `previews` are small pictures for
 * the timeline, fetched ahead. `capability` knows which one can play a stream. `mp4`, `flac` and `media_message` are bytes to values;
 * `seen` are the boxes that a camera tells in its metadata.
 */
export { InStep, type InStepState, type Tile } from "./in_step";
export { MediaSocket, type SocketState, type StreamName } from "./media_socket";
export { Player, type PlayerOptions } from "./player";
export { Previews, type FetchPreviews, type Preview, type PreviewRequest } from "./previews";
export type { SeenBox } from "./seen";
export type { View } from "./stage";
export type { PlayerState } from "./state";
