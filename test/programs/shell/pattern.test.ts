import { describe, expect, it } from "vitest";
import { Pattern } from "../../../src/programs/shell/pattern/match.ts";

const cases: readonly (readonly [pattern: string, yes: string, no: string])[] = [
  ["abc", "abc", "ab abcd xabc"],
  ["a*", "a abc", "b ba"],
  ["*c", "c abc", "ca"],
  ["a*b*c", "abc aXbYc abcbc", "ab acb"],
  ["a?c", "abc a.c", "ac abbc"],
  ["[abc]x", "ax cx", "dx x"],
  ["[!abc]x", "dx", "ax"],
  ["[^a-c]x", "dx", "bx"],
  ["[]x]", "] x", "y"],
  ["[a-]", "a -", "b"],
  ["[[:digit:]]*", "1 1a", "a1"],
  ["[[:upper:][:digit:]]", "A 7", "a"],
  ["\\*", "*", "a"],
  ["[a", "[a", "a"],
  ["@(foo|bar)", "foo bar", "foobar baz"],
  ["?(a)b", "b ab", "aab"],
  ["*(ab)c", "c abc ababc", "abac"],
  ["+(a|b)", "a ab bba", "c"],
  ["!(*.c)", "a.h c", "a.c"],
  ["a!(b|c)d", "ad axd abbd", "abd acd"],
  ["*(*(a)b)", "ab aabab", "ba"],
  ["?", "é €", "ab"],
];

describe("patterns", () => {
  for (const [source, yes, no] of cases)
    it(source, () => {
      const pattern = new Pattern(source, { extended: true });
      expect(yes.split(" ").filter((text) => !pattern.matches(text))).toEqual([]);
      expect(no.split(" ").filter((text) => pattern.matches(text))).toEqual([]);
    });

  it("find the shortest and the longest match at either end", () => {
    const pattern = new Pattern("*/", { extended: false });
    expect(pattern.prefix("a/b/c")).toEqual({ shortest: 2, longest: 4 });
    expect(new Pattern(".*", { extended: false }).suffix("a.tar.gz")).toEqual({ shortest: 5, longest: 1 });
    expect(pattern.prefix("none")).toBeUndefined();
  });

  it("take time in proportion, not for ever", () => {
    const text = "a".repeat(3000);
    for (const source of ["*a*a*a*a*a*a*a*a*b", "*(a|aa|aaa)b", "+(*(a))b"])
      expect(new Pattern(source, { extended: true }).matches(text)).toBe(false);
  });
});
