import { RE2JS } from "re2js";
import { compileRegex, fixedPattern, wholePattern, wholeText } from "../regex/compile.ts";
import { type Pattern, RegexError } from "../regex/define.ts";
import { Fail } from "../shared/fail.ts";

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

/** -P: Perl's language as far as RE2 goes; look-ahead and back-references say that they are not simulated. */
function perlPattern(source: string, ignoreCase: boolean, whole: "line" | "word" | undefined): Pattern {
  const body = whole === "line" ? `\\A(?:${source})\\z` : whole === "word" ? `\\b(?:${source})\\b` : source;
  // \K: what was matched before it is not part of the match.
  const kept = body.includes("\\K") ? `${body.replace("\\K", "(")})` : undefined;
  let pattern: RE2JS;
  try {
    pattern = RE2JS.compile(kept ?? body, RE2JS.LOOKBEHINDS | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    throw new Fail(`this Perl regular expression is not simulated: ${reason}`, 2);
  }
  const group = kept ? pattern.matcher("").groupCount() : 0;
  return {
    groups: 0,
    exec(text, from = 0) {
      const matcher = pattern.matcher(text);
      return matcher.find(from) ? [matcher.start(group), matcher.end(group)] : undefined;
    },
    test: (text) => pattern.matcher(text).find(),
  };
}
