import { expect, test } from "vitest";

import { readXml } from "./xml";

test("elements have their local names, attributes, text and children", () => {
  const root = readXml(`<?xml version="1.0"?>
    <!-- a comment with <tags> in it -->
    <tt:Root xmlns:tt="urn:x" tt:a='it&apos;s "1"' b = "&lt;&#65;&#x42;">
      <tt:Inner/>text &amp; more<![CDATA[<as it is>]]><Other c="2"></Other >
    </tt:Root>`);

  expect(root?.name).toBe("Root");
  expect(root?.attributes.get("a")).toBe(`it's "1"`);
  expect(root?.attributes.get("b")).toBe("<AB");
  expect(root?.children.map((child) => child.name)).toEqual(["Inner", "Other"]);
  expect(root?.text.trim()).toBe("text & more<as it is>");
});

test.each([
  "",
  "plain text",
  "<a>",
  "<a></b>",
  "<a/><b/>",
  "</a>",
  "<a",
  "<a b=c/>",
  "<!DOCTYPE a [<!ENTITY x 'y'>]><a/>",
  "<!-- never ends",
  "<a/> and text",
])("%s is refused", (document) => {
  expect(readXml(document)).toBeNull();
});

test("a document that is too deep or has too many elements is refused", () => {
  expect(readXml("<a>".repeat(60) + "</a>".repeat(60))).toBeNull();
  expect(readXml(`<a>${"<b/>".repeat(30_000)}</a>`)).toBeNull();
});

test("a document that wants to take long does not", () => {
  for (const part of ["<a b='", '<a b="', "<a ", "<!--", "&amp", "<a b=''"]) {
    expect(readXml(part.repeat(80_000))).toBeNull();
  }
});
