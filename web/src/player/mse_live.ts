/** Live through Media Source: every browser has it, it has sound, and it is 0.2-0.4 s behind. */

import type { Engine, EngineContext } from "./engine";
import { LiveChase } from "./live_chase";
import type { MediaMessage } from "./media_message";
import { MseElement } from "./mse_element";

const CHASE_MS = 50;

export class MseLive implements Engine {
  readonly kind = "mse";
  private readonly media: MseElement;
  private readonly chase = new LiveChase();

  constructor(context: EngineContext) {
    this.media = new MseElement(context, () => this.follow());
    this.media.every(CHASE_MS, () => this.follow());
    this.media.element.addEventListener("waiting", () => this.chase.stalled(performance.now()));
  }

  get element(): HTMLVideoElement {
    return this.media.element;
  }

  push(message: MediaMessage): void {
    this.media.push(message);
  }

  setVolume(volume: number): void {
    this.media.setVolume(volume);
  }

  freeze(): void {
    this.media.freeze();
  }

  close(): void {
    this.media.close();
  }

  private follow(): void {
    const { element } = this.media;
    const step = this.chase.step(this.media.ranges(), element.currentTime);
    if (step?.do === "seek") {
      this.media.seekS(step.toS);
      this.media.play();
    } else if (step?.do === "rate" && element.playbackRate !== step.rate) {
      element.playbackRate = step.rate;
    }
    if (element.readyState < HTMLMediaElement.HAVE_FUTURE_DATA) this.media.fillSilence();
  }
}
