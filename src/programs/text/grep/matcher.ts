import { compileRegex, fixedPattern, wholePattern, wholeText } from "../regex/compile.ts";
import { type Pattern, RegexError } from "../regex/define.ts";
import { Fail } from "../shared/fail.ts";
import { perlPattern } from "./perl.ts";

export interface MatchOptions {
  readonly syntax: "basic" | "extended" | "fixed" | "perl";
  readonly ignoreCase: boolean;
  readonly whole: "line" | "word" | undefined;
  /** Takes what grep warns of. */
  readonly warnings: string[];
}

/** Finds the leftmost longest match of any of the patterns. */
export interface Matcher {
  test(line: string): boolean;
  find(line: string, from: number): readonly [number, number] | undefined;
}

export function makeMatcher(patterns: readonly string[], options: MatchOptions): Matcher {
  const compiled = patterns.map((pattern) => compile(pattern, options));
  const [only] = compiled;
  const find = (line: string, from: number) => {
    let best: readonly [number, number] | undefined;
    for (const pattern of compiled) {
      const [start = -1, end = -1] = pattern.exec(line, from) ?? [];
      if (start >= 0 && (!best || start < best[0] || (start === best[0] && end > best[1]))) best = [start, end];
    }
    return best;
  };
  if (compiled.length === 1 && only) return { test: (line) => only.test(line), find };
  return { test: (line) => compiled.some((pattern) => pattern.test(line)), find };
}

function compile(source: string, { syntax, ignoreCase, whole, warnings }: MatchOptions): Pattern {
  try {
    if (syntax === "fixed") return whole ? wholeText(source, ignoreCase, whole) : fixedPattern(source, ignoreCase);
    if (syntax === "perl") return perlPattern(source, ignoreCase, whole);
    const dialect = { extended: syntax === "extended", ignoreCase, warn: (text: string) => void warnings.push(text) };
    if (/^\[:[a-z]+:\]$/.test(source)) throw new Fail(`character class syntax is [[:space:]], not [:space:]`, 2);
    return whole ? wholePattern(source, dialect, whole) : compileRegex(source, dialect);
  } catch (error) {
    if (error instanceof RegexError) throw new Fail(grepWords(error.message), 2);
    throw error;
  }
}

function grepWords(message: string): string {
  if (message.startsWith("Unmatched [")) return "Invalid regular expression";
  return message === "Unmatched { or \\{" ? "Unmatched \\{" : message;
}
