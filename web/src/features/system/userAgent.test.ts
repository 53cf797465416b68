import { expect, it } from "vitest";

import { deviceOf } from "./userAgent";

it("browsers and systems are told apart although each claims to be the others", () => {
  const like = "(KHTML, like Gecko) Chrome/156.0 Safari/537.36";
  expect(deviceOf(`Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 ${like}`)).toBe("Chrome, Linux");
  expect(deviceOf(`Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 ${like} Edg/156.0`)).toBe("Edge, Windows");
  expect(deviceOf("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1")).toBe(
    "Safari, iPhone",
  );
  expect(deviceOf("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0")).toBe("Firefox, Android");
});

it("programs show their own name, nobody shows nothing", () => {
  expect(deviceOf("tawny-export/0.1")).toBe("tawny-export/0.1");
  expect(deviceOf("")).toBe("Unknown device");
});
