/** ITU-T G.711: a sample of speech in one octet. */

const CLIP = 32_635;
const BIAS = 0x84;

/** 16 bits out of a sample between -1 and 1. */
function pcm16(sample: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_767)));
}

/** One's complement: as in the tables, the smallest negative value mirrors the smallest positive one. */
const magnitudeOf = (value: number) => (value < 0 ? ~value : value);

/** The position of the highest bit above the seventh: 0 to 7. */
const segment = (magnitude: number) => Math.max(0, 24 - Math.clz32(magnitude));

/** G.711 table 2: logarithmic by µ = 255, all bits inverted. */
function mulaw(sample: number): number {
  const value = pcm16(sample);
  const magnitude = Math.min(CLIP, magnitudeOf(value)) + BIAS;
  const exponent = segment(magnitude);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((value < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}

/** G.711 table 1: logarithmic by A = 87.6, even bits inverted. */
function alaw(sample: number): number {
  const value = pcm16(sample);
  const magnitude = magnitudeOf(value);
  const exponent = segment(magnitude);
  const mantissa = (magnitude >> (exponent === 0 ? 4 : exponent + 3)) & 0x0f;
  return ((value < 0 ? 0 : 0x80) | (exponent << 4) | mantissa) ^ 0x55;
}

const encoders = { pcmu: mulaw, pcma: alaw } as const;
export type TalkCodec = keyof typeof encoders;

export const isTalkCodec = (codec: string): codec is TalkCodec => codec in encoders;

export function encoded(codec: TalkCodec, samples: Float32Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(samples, encoders[codec]);
}
