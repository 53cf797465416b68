/** Moving while something is held: a camera stops by itself unless the wish is said again. */

/** A move ends two seconds after it was said last; a slow network has time for one more try. */
const AGAIN_MS = 800;

/**
 * Says what is wished, again and again while it is held, and stops at last.
 *
 * Invariants: one request at a time, so that a stop never overtakes a move; of wishes that came meanwhile only the last
 * is said; after `release` the last thing said is a stop, even where it failed once.
 */
export class Mover<Wish> {
  private wished: Wish | null = null;
  private moving = false;
  private asking = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly move: (wish: Wish) => Promise<boolean>,
    private readonly stop: () => Promise<boolean>,
  ) {}

  hold(wish: Wish): void {
    this.wished = wish;
    void this.speak();
  }

  release(): void {
    if (this.wished === null) return;
    this.wished = null;
    void this.speak();
  }

  private async speak(): Promise<void> {
    if (this.asking) return;
    clearTimeout(this.timer);
    this.asking = true;
    const said = this.wished;
    if (said !== null) {
      // A refused move may have begun all the same.
      this.moving = true;
      if (!(await this.move(said))) this.wished = null;
    } else if (this.moving) {
      this.moving = false;
      await this.stop();
    }
    this.asking = false;
    if (this.wished !== said) await this.speak();
    else if (said !== null) this.timer = setTimeout(() => void this.speak(), AGAIN_MS);
  }
}
