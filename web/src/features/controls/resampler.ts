/** A microphone's rate to that of a camera's loudspeaker. */

/** Zero crossings of the sinc on each side: enough that speech has no audible echo of what lies above the new rate. */
const CROSSINGS = 8;
/** The filter ends below half of the new rate: its slope needs room. */
const PASSED = 0.9;

/**
 * Band-limited conversion by a windowed sinc, one block after the other.
 *
 * Invariant: `kept` is what of the blocks so far the next output still needs; `position` is where in it that output lies.
 */
export class Resampler {
  private kept = new Float32Array(0);
  private position: number;
  private readonly step: number;
  private readonly cutoff: number;
  private readonly reach: number;

  constructor(fromRate: number, toRate: number) {
    this.step = fromRate / toRate;
    this.cutoff = PASSED * Math.min(1, toRate / fromRate);
    this.reach = Math.ceil(CROSSINGS / this.cutoff);
    this.kept = new Float32Array(this.reach); // silence before the first sample
    this.position = this.reach;
  }

  convert(block: Float32Array): Float32Array {
    const input = new Float32Array(this.kept.length + block.length);
    input.set(this.kept);
    input.set(block, this.kept.length);
    const found: number[] = [];
    for (; this.position + this.reach < input.length; this.position += this.step)
      found.push(this.at(input, this.position));
    const passed = Math.max(0, Math.floor(this.position) - this.reach);
    this.kept = input.slice(passed);
    this.position -= passed;
    return Float32Array.from(found);
  }

  private at(input: Float32Array, position: number): number {
    let sum = 0;
    const first = Math.max(0, Math.ceil(position - this.reach));
    for (let i = first; i <= position + this.reach; i++) sum += (input[i] ?? 0) * this.weight(i - position);
    return sum;
  }

  /** A sinc in a Hann window. */
  private weight(distance: number): number {
    const x = Math.PI * distance * this.cutoff;
    const sinc = x === 0 ? 1 : Math.sin(x) / x;
    return this.cutoff * sinc * (0.5 + 0.5 * Math.cos((Math.PI * distance) / this.reach));
  }
}
