import { expect, test } from "vitest";

import { Pace } from "./pace";

const OPTIONS = { stream: "main", sound: true, rate: 1, hasSub: true } as const;

test("a new speed is only another manner where it needs other pictures", () => {
  const options = { ...OPTIONS, rate: 1 };
  const pace = new Pace(options);
  const outdated = [2, 4, 8, -1].map((rate) => {
    options.rate = rate;
    return pace.outdated();
  });

  expect(outdated).toEqual([false, false, true, true]);
});

test("who looks at single pictures gets all of them, whatever the speed was", () => {
  const pace = new Pace({ ...OPTIONS, rate: -2 });

  pace.stepping = true;

  expect(pace.speed).toBe(1);
  expect(pace.outdated()).toBe(true);
});

test("media are asked for in the way of playing", () => {
  const [on, back] = [new Pace(OPTIONS), new Pace({ ...OPTIONS, rate: -1 })];

  on.begin(100e6);
  back.begin(100e6);

  expect([on.untilUs, back.untilUs]).toEqual([120e6, 80e6]);
  expect([on.raise(119e6), on.raise(121e6)]).toEqual([false, true]);
  expect([back.raise(81e6), back.raise(79e6)]).toEqual([false, true]);
});

test("what was learnt of the key frames decides what is asked for at speed", () => {
  const pace = new Pace({ ...OPTIONS, rate: 16 });
  pace.begin(0);
  const before = pace.manner;

  pace.learn(1e6);
  pace.begin(0);

  expect([before.frames, pace.manner.frames]).toEqual(["all", "key"]);
});

test("sound is not played backwards, nor where there is none", () => {
  const pace = new Pace(OPTIONS);
  const heard = pace.heard;
  pace.soundless = true;

  expect([heard, pace.heard, new Pace({ ...OPTIONS, rate: -1 }).heard]).toEqual([true, false, false]);
});
