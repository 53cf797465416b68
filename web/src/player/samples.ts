/** Bytes of `samples.json`, which our Python makes (`tests/fakes/player_samples.py`). */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
