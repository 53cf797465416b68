/** Speech from a microphone to a camera's loudspeaker. */

import type { Talk } from "../../api/gen";
import type { Result } from "../../api/result";
import { encoded, isTalkCodec, type TalkCodec } from "./g711";
import { Resampler } from "./resampler";

export interface Line {
  open(): Promise<Result<Talk>>;
  send(talk: string, sound: Uint8Array<ArrayBuffer>): Promise<Result<unknown>>;
  close(talk: string): Promise<Result<unknown>>;
}

export interface Microphone {
  readonly rate: number;
  close(): void;
}

export type OpenMicrophone = (onSound: (samples: Float32Array) => void) => Promise<Microphone>;

/** Why nobody may listen to us. */
export type MicrophoneTrouble = "refused" | "missing" | "insecure";
export class MicrophoneError extends Error {
  constructor(readonly trouble: MicrophoneTrouble) {
    super(trouble);
  }
}

export type TalkState =
  | { kind: "idle"; lost?: boolean }
  | { kind: "asking" }
  | { kind: "opening" }
  | { kind: "talking"; level: number }
  | { kind: "failed"; title: string; remedy: string }
  | { kind: "microphone"; trouble: MicrophoneTrouble }
  | { kind: "codec"; codec: string };

/** More than this is not kept for a slow network: what comes a second late is no conversation. */
const MOST_WAITING_S = 1;

/**
 * One hold of the button: microphone, line, sound in order, end.
 *
 * Invariants: one request at a time, so that sound stays in order; whatever was opened is closed, however early
 * `end` comes; after it no state but the last is told.
 */
export class Talking {
  private ended = false;
  private codec: TalkCodec | null = null;
  private resampler: Resampler | null = null;
  private waiting: Uint8Array<ArrayBuffer>[] = [];
  private sending = false;
  private lost = false;
  private talk: Talk | null = null;
  private microphone: Microphone | null = null;

  constructor(
    private readonly line: Line,
    private readonly openMicrophone: OpenMicrophone,
    private readonly onState: (state: TalkState) => void,
  ) {}

  async begin(): Promise<void> {
    this.onState({ kind: "asking" });
    try {
      this.microphone = await this.openMicrophone((samples) => this.hear(samples));
    } catch (error) {
      this.fail({ kind: "microphone", trouble: error instanceof MicrophoneError ? error.trouble : "missing" });
      return;
    }
    if (this.ended) this.microphone.close();
    else await this.openLine(this.microphone.rate);
  }

  end(): void {
    if (this.ended) return;
    this.ended = true;
    this.microphone?.close();
    this.onState({ kind: "idle", lost: this.lost });
    if (!this.sending) this.hangUp();
  }

  private async openLine(rate: number): Promise<void> {
    this.onState({ kind: "opening" });
    const answer = await this.line.open();
    if (!answer.ok) {
      this.fail({ kind: "failed", title: answer.problem.title, remedy: answer.problem.detail ?? "" });
      return;
    }
    this.talk = answer.value;
    const { codec, sample_rate } = answer.value;
    if (!isTalkCodec(codec)) this.fail({ kind: "codec", codec });
    else if (this.ended) this.hangUp();
    else {
      this.codec = codec;
      this.resampler = new Resampler(rate, sample_rate);
      this.onState({ kind: "talking", level: 0 });
    }
  }

  private hear(samples: Float32Array): void {
    if (this.ended || !this.codec || !this.resampler || !this.talk) return;
    const sound = this.resampler.convert(samples);
    if (sound.length === 0) return;
    this.waiting.push(encoded(this.codec, sound));
    const seconds = this.waiting.reduce((sum, { length }) => sum + length, 0) / this.talk.sample_rate;
    if (seconds > MOST_WAITING_S) {
      this.waiting.shift();
      this.lost = true;
    }
    this.onState({ kind: "talking", level: Math.max(...sound.map(Math.abs)) });
    void this.send(this.talk.talk);
  }

  private async send(talk: string): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    while (this.waiting.length > 0) {
      const answer = await this.line.send(talk, joined(this.waiting.splice(0)));
      if (answer.ok) continue;
      this.waiting = [];
      this.fail({ kind: "failed", title: answer.problem.title, remedy: answer.problem.detail ?? "" });
    }
    this.sending = false;
    if (this.ended) this.hangUp();
  }

  private fail(state: TalkState): void {
    this.microphone?.close();
    if (!this.ended) this.onState(state);
    this.ended = true;
    if (!this.sending) this.hangUp();
  }

  private hangUp(): void {
    if (!this.talk) return;
    void this.line.close(this.talk.talk);
    this.talk = null;
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
