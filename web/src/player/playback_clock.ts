/** The play head: a line through (moment given, position) whose slope is the rate, or standing still. */
export class PlaybackClock {
  private baseUs = 0;
  private baseMs = 0;
  private speed = 1;
  private moving = false;

  constructor(private readonly nowMs: () => number) {}

  get rate(): number {
    return this.speed;
  }

  get running(): boolean {
    return this.moving;
  }

  positionUs(): number {
    return this.moving ? this.baseUs + (this.nowMs() - this.baseMs) * 1000 * this.speed : this.baseUs;
  }

  set(positionUs: number): void {
    this.baseUs = positionUs;
    this.baseMs = this.nowMs();
  }

  run(moving: boolean): void {
    this.set(this.positionUs());
    this.moving = moving;
  }

  setRate(rate: number): void {
    this.set(this.positionUs());
    this.speed = rate;
  }
}
