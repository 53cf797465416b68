import { expect, test } from "vitest";
import { fromHex, hex } from "./bytes";
import { leaf, root, rootOf } from "./tree";

// Certificate Transparency's own test tree
const LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOT_OF_8 = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328";

const leaves = () => Promise.all(LEAVES.map((data) => leaf(fromHex(data))));

test("the root is that of the standard’s test tree", async () => {
  expect(hex(await root(await leaves()))).toBe(ROOT_OF_8);
});

test("a path leads from its leaf to the root, and from no other leaf", async () => {
  const all = await leaves();
  const path = [all[2], await root(all.slice(0, 2)), await root(all.slice(4, 5))].map((hash) => hash ?? fromHex(""));

  const right = await rootOf(all[3] ?? fromHex(""), 3, 5, path);
  const wrong = await rootOf(all[4] ?? fromHex(""), 3, 5, path);

  expect(hex(right)).toBe(hex(await root(all.slice(0, 5))));
  expect(hex(wrong)).not.toBe(hex(right));
});

test.each([0, 2, 4])("a path of %i hashes is no path of a tree of eight", async (length) => {
  const all = await leaves();

  await expect(rootOf(all[0] ?? fromHex(""), 0, 8, all.slice(0, length))).rejects.toThrow("proof");
});
