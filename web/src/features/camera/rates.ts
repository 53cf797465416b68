/** Speeds that can be chosen; below 0 time runs backwards. */
export const backRates = [-4, -2, -1] as const;
export const forwardRates = [0.125, 0.25, 0.5, 1, 2, 4, 8, 16, 32] as const;
const all: readonly number[] = [...backRates, ...forwardRates];

/** One step slower or faster, as far as there is one. */
export function besideRate(rate: number, way: 1 | -1): number {
  return all[all.indexOf(rate) + way] ?? rate;
}

/** As on an editing desk: J plays backwards, L forwards, and each again faster. */
export function shuttled(rate: number, way: 1 | -1): number {
  if (way === 1 && rate < 1) return 1;
  if (way === -1 && rate > 0) return -1;
  return besideRate(rate, way);
}
