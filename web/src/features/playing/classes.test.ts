import { expect, it } from "vitest";

import { classWords } from "./classes";

it("a camera's word for what everybody knows is our word, in whatever way it writes it", () => {
  expect(
    ["Human", "HUMAN", "Vehicle", "Vehical", "LicensePlate", "license_plate", "Animal", "Face"].map(classWords),
  ).toEqual(["Person", "Person", "Vehicle", "Vehicle", "Number plate", "Number plate", "Animal", "Face"]);
});

it("what only the camera knows keeps the camera's word", () => {
  expect(["Forklift", "toString", "__proto__", ""].map(classWords)).toEqual(["Forklift", "toString", "__proto__", ""]);
});
