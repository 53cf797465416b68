import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { MediaSocket, type MediaListener, type MediaRequest } from "./media_socket";

class FakeWebSocket {
  static readonly OPEN = 1;
  static made: FakeWebSocket[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  readonly sent: Record<string, unknown>[] = [];

  constructor(readonly url: string) {
    FakeWebSocket.made.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
}

function newest(): FakeWebSocket {
  const socket = FakeWebSocket.made.at(-1);
  if (!socket) throw new Error("no socket was made");
  return socket;
}

function heard(): { told: unknown[]; listener: MediaListener } {
  const told: unknown[] = [];
  const listener: MediaListener = {
    message: (message) => told.push(message.track),
    note: (note) => told.push(note.type),
    lost: () => told.push("lost"),
    reopened: () => told.push("reopened"),
  };
  return { told, listener };
}

const LIVE: MediaRequest = { mode: "live", camera: "cam", stream: "sub", audio: false };

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", FakeWebSocket);
  vi.stubGlobal("addEventListener", () => undefined);
  vi.stubGlobal("removeEventListener", () => undefined);
  FakeWebSocket.made = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("what was asked for before the connection is asked for when it opens", () => {
  const socket = new MediaSocket("ws://here");

  socket.subscribe(LIVE, heard().listener);
  newest().open();

  expect(newest().sent).toEqual([
    { type: "open", subscription: 1, camera: "cam", stream: "sub", mode: "live", audio: false },
  ]);
});

test("playback tells from and until, and later a later until", () => {
  const socket = new MediaSocket("ws://here");
  newest().open();

  const request = { ...LIVE, mode: "playback", fromUs: 0, untilUs: 20e6, speed: 8, frames: "key" } as const;
  const subscription = socket.subscribe(request, heard().listener);
  subscription.raiseUntil(30e6);
  subscription.close();
  subscription.close();

  expect(newest().sent).toMatchObject([
    { from: "1970-01-01T00:00:00.000000Z", until: "1970-01-01T00:00:20.000000Z", speed: 8, frames: "key" },
    { type: "until", subscription: 1, until: "1970-01-01T00:00:30.000000Z" },
    { type: "close", subscription: 1 },
  ]);
});

test("messages reach the subscription that they are for, and no other", () => {
  const socket = new MediaSocket("ws://here");
  newest().open();
  const [one, two] = [heard(), heard()];
  socket.subscribe(LIVE, one.listener);
  const second = socket.subscribe(LIVE, two.listener);
  const message = new Uint8Array(16);
  message.set([0, 2, 0, 1]);

  newest().onmessage?.({ data: message.buffer });
  newest().onmessage?.({ data: JSON.stringify({ type: "end", subscription: 2 }) });
  second.close();
  newest().onmessage?.({ data: message.buffer });

  expect([one.told, two.told]).toEqual([[], [1, "end"]]);
});

test("a broken connection is opened again, and its subscriptions are told", () => {
  const socket = new MediaSocket("ws://here");
  const states: string[] = [];
  socket.onStateChange = (state) => states.push(state);
  newest().open();
  const { told, listener } = heard();
  socket.subscribe(LIVE, listener);

  newest().onclose?.({ code: 1006 });
  vi.advanceTimersByTime(500);
  newest().open();

  expect(FakeWebSocket.made).toHaveLength(2);
  expect(told).toEqual(["lost", "reopened"]);
  expect(newest().sent).toEqual([]);
  expect(states).toEqual(["open", "connecting", "open"]);
});

test("attempts are further and further apart", () => {
  const socket = new MediaSocket("ws://here");
  for (let seconds = 0; seconds < 60; seconds++) {
    vi.advanceTimersByTime(1000);
    if (newest().onclose) newest().onclose?.({ code: 1006 });
  }

  expect(FakeWebSocket.made.length).toBeGreaterThan(5);
  expect(FakeWebSocket.made.length).toBeLessThan(14);
  socket.close();
});

test("after close nothing is opened any more", () => {
  const socket = new MediaSocket("ws://here");
  newest().open();

  socket.close();
  vi.advanceTimersByTime(100_000);

  expect(FakeWebSocket.made).toHaveLength(1);
  expect(socket.state).toBe("closed");
});

test("when the session has ended it says so once, and does not come back", () => {
  const socket = new MediaSocket("ws://here");
  const ended: string[] = [];
  socket.onSessionEnded = () => ended.push("ended");
  newest().open();

  newest().onclose?.({ code: 4401 });
  vi.advanceTimersByTime(60_000);

  expect(ended).toEqual(["ended"]);
  expect(socket.state).toBe("closed");
  expect(FakeWebSocket.made).toHaveLength(1);
});
