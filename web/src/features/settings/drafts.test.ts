import { expect, it } from "vitest";

import { noDraft } from "./draft";
import { Drafts } from "./drafts";

const draft = { clock: { zone: "UTC" } };
const leaving = (page: EventTarget) => !page.dispatchEvent(new Event("beforeunload", { cancelable: true }));

it("a camera's changes are kept by themselves until they are saved or discarded", () => {
  const drafts = new Drafts(new EventTarget());
  drafts.keep("cam_1", draft);

  expect(drafts.of("cam_1")).toBe(draft);
  expect(drafts.of("cam_2")).toBe(noDraft);

  drafts.keep("cam_1", noDraft);

  expect(drafts.of("cam_1")).toBe(noDraft);
});

it("who leaves the page is asked while anything is unsaved, and not after", () => {
  const page = new EventTarget();
  const drafts = new Drafts(page);
  drafts.keep("cam_1", draft);
  drafts.keep("cam_2", draft);
  drafts.keep("cam_1", noDraft);

  expect(leaving(page)).toBe(true);

  drafts.keep("cam_2", noDraft);

  expect(leaving(page)).toBe(false);
});

it("who shows drafts hears of each change until it looks away", () => {
  const drafts = new Drafts(new EventTarget());
  let heard = 0;
  const stop = drafts.subscribe(() => heard++);
  drafts.keep("cam_1", draft);
  stop();
  drafts.keep("cam_1", noDraft);

  expect(heard).toBe(1);
});
