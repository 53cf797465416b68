import { describe, expect, it } from "vitest";

import { Client, socketUrl, videoUrl } from "./client";

type Asked = { url: string; init: RequestInit };

function clientThatGets(answer: () => Response | Promise<Response>) {
  const asked: Asked[] = [];
  let signedOut = 0;
  const client = new Client(
    async (url, init) => {
      asked.push({ url, init });
      return await answer();
    },
    () => signedOut++,
  );
  return { client, asked, signedOut: () => signedOut };
}

const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status });

describe("the client", () => {
  it("answers with the value", async () => {
    const { client, asked } = clientThatGets(() => json({ items: [] }));

    const result = await client.cameras();

    expect(result).toEqual({ ok: true, value: { items: [] } });
    expect(asked[0]?.url).toBe("/api/v1/cameras");
  });

  it("takes an empty answer for nothing", async () => {
    const { client } = clientThatGets(() => new Response(null, { status: 204 }));

    expect(await client.removeCamera("cam_1")).toEqual({ ok: true, value: null });
  });

  it("hands on a problem in the recorder's words", async () => {
    const document = {
      type: "urn:tawny:problem:refused",
      title: "The camera refused the password.",
      field: "password",
    };
    const { client } = clientThatGets(() => json(document, 422));

    const result = await client.openTrial({ address: "rtsp://10.0.0.9" });

    expect(result).toEqual({ ok: false, problem: { ...document, status: 422, detail: null } });
  });

  it("has words for an answer that is not ours", async () => {
    for (const body of ["<html>Bad gateway</html>", "", "[]", '{"title": 5}', "null"]) {
      const { client } = clientThatGets(() => new Response(body, { status: 502 }));

      const result = await client.cameras();

      expect(result.ok).toBe(false);
      expect(!result.ok && result.problem.title).toBe("That did not work.");
      expect(!result.ok && result.problem.status).toBe(502);
    }
  });

  it("says when nobody answers", async () => {
    const { client, signedOut } = clientThatGets(() => Promise.reject(new TypeError("fetch failed")));

    const result = await client.recorder();

    expect(!result.ok && result.problem.title).toBe("Tawny can't be reached.");
    expect(signedOut()).toBe(0);
  });

  it("does not take its own cancelling for a failure", async () => {
    const { client } = clientThatGets(() => Promise.reject(new DOMException("aborted", "AbortError")));
    const controller = new AbortController();
    controller.abort();

    await expect(client.recorder(controller.signal)).rejects.toThrow("aborted");
  });

  it("tells that the session is gone, but not for a wrong password", async () => {
    const { client, signedOut } = clientThatGets(() => json({ title: "Sign in first." }, 401));

    await client.signIn({ user: "owner", password: "wrong" });
    expect(signedOut()).toBe(0);

    await client.cameras();
    expect(signedOut()).toBe(1);
  });

  it("escapes what stands in a path", async () => {
    const { client, asked } = clientThatGets(() => json({}));

    await client.endSession("../../cameras/x?y");

    expect(asked[0]?.url).toBe("/api/v1/sessions/..%2F..%2Fcameras%2Fx%3Fy");
  });

  it("asks for times as RFC 3339", async () => {
    const { client, asked } = clientThatGets(() => json({}));

    await client.timeline("cam_1", 0, 1_500_000);

    expect(asked[0]?.url).toBe(
      "/api/v1/cameras/cam_1/timeline?from=1970-01-01T00%3A00%3A00Z&to=1970-01-01T00%3A00%3A01.5Z",
    );
  });
});

it("a saved range names stream and sound", () => {
  expect(videoUrl("cam_1", 0, 1_000_000, "main", false)).toContain("video.mp4?from=1970");
  expect(videoUrl("cam_1", 0, 1_000_000, "main", false)).toContain("stream=main&audio=false");
});

it("sockets are as safe as the page", () => {
  expect(socketUrl("/media", { protocol: "https:", host: "nvr.lan" })).toBe("wss://nvr.lan/api/v1/media");
  expect(socketUrl("/events", { protocol: "http:", host: "127.0.0.1:8090" })).toBe("ws://127.0.0.1:8090/api/v1/events");
});
