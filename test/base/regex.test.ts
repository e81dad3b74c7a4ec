import { expect, test } from "vitest";
import { guestRegex } from "../../src/base/regex.ts";
import { complaint } from "./complaint.ts";

test("matches, groups and flags", () => {
  const regex = guestRegex("(?P<key>[a-z]+)=([0-9]*)|x");
  expect(regex.test("a=1")).toBe(true);
  expect(regex.find("--ab=12 c=3")).toEqual({ start: 2, end: 7, groups: ["ab=12", "ab", "12"] });
  expect(regex.find("ab=12 c=3", 3)).toEqual({ start: 6, end: 9, groups: ["c=3", "c", "3"] });
  expect(regex.all("x a=").map((match) => match.groups)).toEqual([
    ["x", undefined, undefined],
    ["a=", "a", ""],
  ]);
  expect(guestRegex("web", "i").test("WEB")).toBe(true);
  expect(guestRegex("^b$", "m").test("a\nb")).toBe(true);
  expect(guestRegex("a.b").test("a\nb")).toBe(false);
  expect(guestRegex("a.b", "s").test("a\nb")).toBe(true);
  expect(
    guestRegex("a*")
      .all("baa")
      .map((match) => [match.start, match.end]),
  ).toEqual([
    [0, 0],
    [1, 3],
  ]);
});

test.each([
  ["(?=a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"],
  ["a**", "error parsing regexp: invalid nested repetition operator: `**`"],
  ["a(", "error parsing regexp: missing closing ): `a(`"],
  ["[z-a]", "error parsing regexp: invalid character class range: `z-a`"],
  ["a{1001}", "error parsing regexp: invalid repeat count: `{1001}`"],
  ["\\1", "error parsing regexp: invalid escape sequence: `\\1`"],
  ["*", "error parsing regexp: missing argument to repetition operator: `*`"],
])("%s: %s", (pattern, message) => {
  expect(complaint(() => guestRegex(pattern))).toBe(message);
});
