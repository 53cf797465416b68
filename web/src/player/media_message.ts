/**
 * Media messages as the hub sends them (`docs/design/programs.md`, "Media messages"):
 * `u16 subscription | u8 kind | u8 track | u32 flags | i64 utc_us | payload`, big-endian.
 */

export type MediaKind = "init" | "burst" | "fragment";

export interface MediaMessage {
  subscription: number;
  kind: MediaKind;
  track: number;
  /** The first sample is a key frame. */
  key: boolean;
  /** Presentation time of the first sample. */
  utcUs: number;
  payload: Uint8Array<ArrayBuffer>;
}

export const VIDEO_TRACK = 1;
export const AUDIO_TRACK = 2;
export const METADATA_TRACK = 3;

const HEADER_SIZE = 16;
const STARTS_WITH_KEY = 1;
const KINDS: readonly MediaKind[] = ["init", "burst", "fragment"];

/** The message in `data`; throws a RangeError for bytes that are none. */
export function parseMediaMessage(data: ArrayBuffer): MediaMessage {
  if (data.byteLength < HEADER_SIZE) {
    throw new RangeError(`a media message has at least ${HEADER_SIZE} bytes, this one ${data.byteLength}`);
  }
  const view = new DataView(data);
  const kind = KINDS[view.getUint8(2)];
  if (!kind) {
    throw new RangeError(`media message of unknown kind ${view.getUint8(2)}`);
  }
  return {
    subscription: view.getUint16(0),
    kind,
    track: view.getUint8(3),
    key: (view.getUint32(4) & STARTS_WITH_KEY) !== 0,
    utcUs: Number(view.getBigInt64(8)),
    payload: new Uint8Array(data, HEADER_SIZE),
  };
}
