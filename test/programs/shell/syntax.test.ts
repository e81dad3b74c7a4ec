import { describe, expect, it } from "vitest";
import { incomplete, parse } from "../../../src/programs/shell/syntax/parse.ts";

/** What bash 5.2 says of the text: its message and the number of the line; "" where nothing is wrong. */
const problems: readonly (readonly [text: string, message: string, line?: number])[] = [
  ["echo )", "syntax error near unexpected token `)'"],
  ["echo (a)", "syntax error near unexpected token `a'"],
  ["echo a=(1 2)", "syntax error near unexpected token `('"],
  ["foo | | bar", "syntax error near unexpected token `|'"],
  ["a &&& b", "syntax error near unexpected token `&'"],
  ["echo a; ; b", "syntax error near unexpected token `;'"],
  ["fi", "syntax error near unexpected token `fi'"],
  ["echo >", "syntax error near unexpected token `newline'"],
  ["if; then", "syntax error near unexpected token `;'"],
  ["f() a", "syntax error near unexpected token `a'"],
  ["{ if a; then b; }", "syntax error near unexpected token `}'"],
  ["for i in a; do b; fi", "syntax error near unexpected token `fi'"],
  ["echo a\nif b; then\nc; )\nfi", "syntax error near unexpected token `)'", 3],
  ["if true; then", "syntax error: unexpected end of file", 2],
  ["if true; then\necho\n", "syntax error: unexpected end of file", 3],
  ['echo "abc', "unexpected EOF while looking for matching `\"'"],
  ["echo 'abc", "unexpected EOF while looking for matching `''"],
  ["echo $(a", "unexpected EOF while looking for matching `)'", 2],
  ["echo ${x", "unexpected EOF while looking for matching `}'"],
  ["echo `a", "unexpected EOF while looking for matching ``'"],
  ["((1+", "unexpected EOF while looking for matching `)'"],
  ["echo ok # (", ""],
  ["case x in (a|b) ;; esac", ""],
  ["x=(1 2) y[3]=4 z+=5", ""],
];

const asksForMore: readonly (readonly [text: string, more: boolean])[] = [
  ["if true", true],
  ["if true; then echo; fi", false],
  ["while :; do", true],
  ["case x in", true],
  ["f() {", true],
  ["{ a;", true],
  ["( a", true],
  ["a |", true],
  ["a &&", true],
  ["a ||  # why", true],
  ["echo 'a", true],
  ['echo "a $(b', true],
  ["echo $((1+", true],
  ["x=(1", true],
  ["cat <<E", true],
  ["cat <<E\ntext", true],
  ["cat <<E\ntext\nE", false],
  ["echo a \\", true],
  ["echo 'a\\", true],
  ["echo a\\\\", false],
  ["# comment \\", false],
  ["echo )", false],
  ["foo | | bar", false],
  ["", false],
  ["[[ a == b", true],
  ["for i in 1 2; do echo; done", false],
];

describe("syntax errors", () => {
  for (const [text, message, line = 1] of problems)
    it(JSON.stringify(text), () => {
      const { problem } = parse(text);
      expect(problem ? [problem.message, problem.line] : ["", 1]).toEqual([message, line]);
    });

  it("leave what stands in earlier lines to be run", () => {
    expect(parse("a\nb; c\nd )\ne").statements.map(({ text }) => text)).toEqual(["a", "b", "c"]);
  });
});

describe("an unfinished command asks for another line", () => {
  for (const [text, more] of asksForMore) it(JSON.stringify(text), () => expect(incomplete(text)).toBe(more));
});
