import { expect, it } from "vitest";

import type { FoundDevice } from "../../api/gen";
import { isNew, sorted, sought } from "./found";

const device = (host: string, members: Partial<FoundDevice> = {}): FoundDevice => ({
  id: host,
  kind: "onvif",
  name: "",
  make: "",
  model: "",
  hardware: "",
  address: host,
  host,
  mac: "",
  uuid: "",
  secure: false,
  added: [],
  gone: false,
  seen_at: "2026-11-22T12:00:00Z",
  ...members,
});

it("what is new stands first and in the order of addresses, what signed off after it, what was added last", () => {
  const gone = device("10.0.0.1", { gone: true });
  const added = device("10.0.0.2", { added: ["cam_1"] });

  const order = sorted([gone, added, device("10.0.0.10"), device("10.0.0.9")]);

  expect(order.map(({ host }) => host)).toEqual(["10.0.0.9", "10.0.0.10", "10.0.0.1", "10.0.0.2"]);
  expect(order.map(isNew)).toEqual([true, true, false, false]);
});

it("a device is found by any of the words that it is known by, all of them in any order", () => {
  const hall = device("10.0.0.7", { name: "Hall", make: "Axis", mac: "ac:cc:8e:01:02:03" });
  const devices = [hall, device("10.0.0.8", { make: "Axis" })];

  expect(sought(devices, "axis HALL")).toEqual([hall]);
  expect(sought(devices, "8e:01")).toEqual([hall]);
  expect(sought(devices, " ")).toEqual(devices);
  expect(sought(devices, "dahua")).toEqual([]);
});
