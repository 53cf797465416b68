import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { Mover } from "./mover";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A camera that answers when it is told to. */
function slowCamera() {
  const said: string[] = [];
  let answer: (ok: boolean) => void = () => undefined;
  const ask = (what: string) => {
    said.push(what);
    return new Promise<boolean>((done) => (answer = done));
  };
  const mover = new Mover<string>(
    (wish) => ask(wish),
    () => ask("stop"),
  );
  const answered = async (ok = true) => {
    answer(ok);
    await vi.advanceTimersByTimeAsync(0);
  };
  return { said, mover, answered };
}

it("a move is said again while it is held, and stopped when it is let go", async () => {
  const { said, mover, answered } = slowCamera();

  mover.hold("left");
  await answered();
  await vi.advanceTimersByTimeAsync(800);
  await answered();
  mover.release();
  await answered();
  await vi.advanceTimersByTimeAsync(10_000);

  expect(said).toEqual(["left", "left", "stop"]);
});

it("a stop waits for the move before it, and what came between is left out", async () => {
  const { said, mover, answered } = slowCamera();

  mover.hold("left");
  mover.hold("up");
  mover.hold("right");
  mover.release();
  expect(said).toEqual(["left"]);
  await answered();

  expect(said).toEqual(["left", "stop"]);
});

it("the last of several wishes is what is done", async () => {
  const { said, mover, answered } = slowCamera();

  mover.hold("left");
  mover.hold("up");
  mover.hold("right");
  await answered();

  expect(said).toEqual(["left", "right"]);
});

it("a camera that refuses is not asked over and over, but stopped", async () => {
  const { said, mover, answered } = slowCamera();

  mover.hold("left");
  await answered(false);
  await answered();
  await vi.advanceTimersByTimeAsync(10_000);

  expect(said).toEqual(["left", "stop"]);
});

it("letting go of nothing says nothing", () => {
  const { said, mover } = slowCamera();

  mover.release();

  expect(said).toEqual([]);
});
