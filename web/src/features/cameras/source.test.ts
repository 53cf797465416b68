import { describe, expect, it } from "vitest";

import { changeOf, emptySource, trialOf, withLoginApart } from "./source";

const typed = (url: string) => ({ ...emptySource, url });

describe("a login inside an address", () => {
  it("moves to its own fields", () => {
    expect(withLoginApart(typed("rtsp://admin:p%40ss@10.0.0.9:554/s1?a=b@c"))).toMatchObject({
      user: "admin",
      password: "p@ss",
    });
  });

  it("is read up to the last @ before the path, as people don't encode", () => {
    expect(withLoginApart(typed("rtsp://admin:p@ss:1@10.0.0.9/s1"))).toEqual({
      url: "rtsp://10.0.0.9/s1",
      subUrl: "",
      user: "admin",
      password: "p@ss:1",
    });
    expect(withLoginApart(typed("rtsp://u:100%@10.0.0.9")).password).toBe("100%");
  });

  it("gives way to what was typed into the fields", () => {
    const source = { ...typed("rtsp://admin:old@10.0.0.9"), user: "viewer", password: "new" };

    expect(withLoginApart(source)).toMatchObject({ url: "rtsp://10.0.0.9", user: "viewer", password: "new" });
  });

  it("is not made up where there is none", () => {
    expect(withLoginApart(typed(" rtsp://10.0.0.9/path@2 "))).toEqual(typed("rtsp://10.0.0.9/path@2"));
  });
});

describe("a trial", () => {
  it("leaves a host as it is, takes a path for RTSP, and leaves out an empty second stream", () => {
    expect(trialOf(typed(" 10.0.0.9:8000 "))).toEqual({ address: "10.0.0.9:8000", user: "", password: "" });
    expect(trialOf(typed("10.0.0.9/s1")).address).toBe("rtsp://10.0.0.9/s1");
    expect(trialOf(typed("http://10.0.0.9")).address).toBe("http://10.0.0.9");
    expect(trialOf({ ...typed("10.0.0.9"), subUrl: "10.0.0.9/s2" }).sub_url).toBe("rtsp://10.0.0.9/s2");
  });
});

describe("a changed source", () => {
  const before = { url: "rtsp://10.0.0.9/s1", subUrl: "", user: "admin", password: "" };

  it("names only what is different; an empty password is no change", () => {
    expect(changeOf(before, before)).toEqual({});
    expect(changeOf(before, { ...before, url: "10.0.0.10/s1", password: "new" })).toEqual({
      url: "rtsp://10.0.0.10/s1",
      password: "new",
    });
  });

  it("can drop the second stream", () => {
    expect(changeOf({ ...before, subUrl: "rtsp://10.0.0.9/s2" }, before)).toEqual({ sub_url: "" });
  });
});
