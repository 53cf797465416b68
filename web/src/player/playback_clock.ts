/** Where playback stands. An engine moves its own; one that is in step with others follows theirs. */
export interface PlayHead {
  readonly rate: number;
  readonly running: boolean;
  positionUs(): number;
  set(positionUs: number): void;
  run(moving: boolean): void;
  setRate(rate: number): void;
}

/** The play head: a line through (moment given, position) whose slope is the rate, or standing still. */
export class PlaybackClock implements PlayHead {
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

/** The clock of several cameras as one of them sees it: nothing that one does moves it. */
export class LedHead implements PlayHead {
  constructor(private readonly leader: PlaybackClock) {}

  get rate(): number {
    return this.leader.rate;
  }

  get running(): boolean {
    return this.leader.running;
  }

  positionUs(): number {
    return this.leader.positionUs();
  }

  set(): void {
    // all follow the leader
  }

  run(): void {
    // all follow the leader
  }

  setRate(): void {
    // all follow the leader
  }
}
