/** Waiting times between attempts: doubling, with jitter, so that a thousand pages don't return in step. */
export class Backoff {
  private attempt = 0;

  constructor(
    private readonly firstMs: number,
    private readonly longestMs: number,
    private readonly random: () => number = Math.random,
  ) {}

  /** Between half and the whole of the doubled time. */
  next(): number {
    const full = Math.min(this.longestMs, this.firstMs * 2 ** this.attempt);
    this.attempt = Math.min(this.attempt + 1, 20);
    return full * (0.5 + 0.5 * this.random());
  }

  reset(): void {
    this.attempt = 0;
  }
}
