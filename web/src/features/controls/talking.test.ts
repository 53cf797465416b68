import { expect, it } from "vitest";

import type { Talk } from "../../api/gen";
import type { Result } from "../../api/result";
import { MicrophoneError, Talking, type TalkState } from "./talking";

const ok = <T>(value: T): Result<T> => ({ ok: true, value });
const refused: Result<never> = {
  ok: false,
  problem: { type: "", status: 409, title: "Somebody else is talking.", detail: "Try again later." },
};
const TALK: Talk = { talk: "talk_1", codec: "pcmu", sample_rate: 8000 };
const settled = () => new Promise((done) => setTimeout(done));

/** A line whose answers come when the test says so, and a microphone that hears what it is told. */
function conversation(given: { open?: Result<Talk>; microphone?: MicrophoneError } = {}) {
  const said: string[] = [];
  const states: TalkState[] = [];
  let hear: (samples: Float32Array) => void = () => undefined;
  let sent: (answer: Result<null>) => void = () => undefined;
  const talking = new Talking(
    {
      open: () => {
        said.push("open");
        return Promise.resolve(given.open ?? ok(TALK));
      },
      send: (talk, sound) => {
        said.push(`${talk} ${sound.length}`);
        return new Promise((done) => (sent = done));
      },
      close: (talk) => {
        said.push(`close ${talk}`);
        return Promise.resolve(ok(null));
      },
    },
    (onSound) => {
      if (given.microphone) return Promise.reject(given.microphone);
      hear = onSound;
      return Promise.resolve({ rate: 8000, close: () => said.push("microphone off") });
    },
    (state) => states.push(state),
  );
  const answered = async (answer: Result<null> = ok(null)) => {
    sent(answer);
    await settled();
  };
  return { talking, said, states, answered, speak: (samples: number) => hear(new Float32Array(samples).fill(0.5)) };
}

it("what is said goes out in order, and the line is closed after the last of it", async () => {
  const { talking, said, states, speak, answered } = conversation();

  await talking.begin();
  speak(800);
  speak(800);
  speak(800);
  talking.end();
  await answered();
  await answered();

  expect(said.slice(0, 1)).toEqual(["open"]);
  expect(said.filter((what) => what.startsWith("talk_1"))).toHaveLength(2);
  expect(said.at(-1)).toBe("close talk_1");
  expect(said).toContain("microphone off");
  expect(states.at(-1)).toEqual({ kind: "idle", lost: false });
});

it("who lets go before the line is open leaves nothing open", async () => {
  const { talking, said } = conversation();

  const begun = talking.begin();
  talking.end();
  await begun;
  await settled();

  expect(said).toEqual(["microphone off"]);
});

it("a line that is taken says so, and the microphone is off", async () => {
  const { talking, said, states } = conversation({ open: refused });

  await talking.begin();

  expect(states.at(-1)).toEqual({ kind: "failed", title: "Somebody else is talking.", remedy: "Try again later." });
  expect(said).toEqual(["open", "microphone off"]);
});

it("without a microphone the camera is not asked", async () => {
  const { talking, said, states } = conversation({ microphone: new MicrophoneError("refused") });

  await talking.begin();

  expect(states.at(-1)).toEqual({ kind: "microphone", trouble: "refused" });
  expect(said).toEqual([]);
});

it("a codec that we can't make is told, and the line closed", async () => {
  const { talking, said, states } = conversation({ open: ok({ ...TALK, codec: "aac" }) });

  await talking.begin();

  expect(states.at(-1)).toEqual({ kind: "codec", codec: "aac" });
  expect(said).toEqual(["open", "microphone off", "close talk_1"]);
});

it("a slow network loses the oldest, not the newest, and that is said at the end", async () => {
  const { talking, said, states, speak, answered } = conversation();

  await talking.begin();
  speak(800);
  for (let i = 0; i < 20; i++) speak(800);
  await answered();
  const [, second] = said.filter((what) => what.startsWith("talk_1"));
  talking.end();

  expect(second).toBe("talk_1 8000");
  expect(states.at(-1)).toEqual({ kind: "idle", lost: true });
});

it("a line that breaks ends the talk", async () => {
  const { talking, said, states, speak, answered } = conversation();

  await talking.begin();
  speak(800);
  await answered(refused);

  expect(states.at(-1)?.kind).toBe("failed");
  expect(said.at(-1)).toBe("close talk_1");
});
