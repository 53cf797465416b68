import { expect, test } from "vitest";

import { draggedTo, edgeAt, selectedAbout, selectedBetween, SHORTEST_US, withEdge } from "./selection";

const SCALE = { fromUs: 0, toUs: 800e6, width: 800 };
const NOW = 1000e6;

test("a first selection lies about the moment shown, and never in the future", () => {
  expect(selectedAbout(400e6, SCALE, NOW)).toEqual({ fromUs: 350e6, toUs: 450e6 });
  expect(selectedAbout(400e6, SCALE, 420e6)).toEqual({ fromUs: 320e6, toUs: 420e6 });
});

test("a range can be drawn either way", () => {
  expect(selectedBetween(300e6, 100e6, NOW)).toEqual({ fromUs: 100e6, toUs: 300e6 });
  expect(selectedBetween(900e6, 2000e6, NOW)).toEqual({ fromUs: 900e6, toUs: NOW });
});

test("an edge that is dragged over the other one pushes it along", () => {
  const selection = { fromUs: 100e6, toUs: 200e6 };

  expect(withEdge(selection, "from", 150e6, NOW)).toEqual({ fromUs: 150e6, toUs: 200e6 });
  expect(withEdge(selection, "from", 300e6, NOW)).toEqual({ fromUs: 300e6, toUs: 300e6 + SHORTEST_US });
  expect(withEdge(selection, "to", 50e6, NOW)).toEqual({ fromUs: 50e6 - SHORTEST_US, toUs: 50e6 });
});

test("an edge set where there is no selection begins one", () => {
  expect(withEdge(null, "from", 10e6, NOW)).toEqual({ fromUs: 10e6, toUs: 10e6 + SHORTEST_US });
});

test("the nearer edge is the one that is gripped", () => {
  const selection = { fromUs: 100e6, toUs: 106e6 };

  expect(edgeAt(selection, SCALE, 101, 8)).toBe("from");
  expect(edgeAt(selection, SCALE, 105, 8)).toBe("to");
  expect(edgeAt(selection, SCALE, 130, 8)).toBeNull();
  expect(edgeAt(null, SCALE, 101, 8)).toBeNull();
});

test("a drag that leaves the canvas ends at its border", () => {
  expect([-50, 400, 900].map((x) => draggedTo(SCALE, x))).toEqual([0, 400e6, 800e6]);
});
