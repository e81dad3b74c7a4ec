import { RE2JS, RE2JSSyntaxException } from "re2js";
import { FormatError } from "./format-error.ts";

/** How a guest's pattern is meant: `i` ignores case, `m` lets ^ and $ match at lines, `s` lets the dot match newlines. */
export type RegexFlags = "" | "i" | "m" | "s" | "im" | "is" | "ms" | "ims";

/** A compiled pattern of a guest: Go's dialect, linear time. */
export interface GuestRegex {
  readonly pattern: string;
  /** Whether it matches anywhere in the text. */
  test(text: string): boolean;
  /** The first match at or after `from`. */
  find(text: string, from?: number): GuestMatch | undefined;
  /** Every match, from left to right; none overlap. */
  all(text: string): GuestMatch[];
}

export interface GuestMatch {
  readonly start: number;
  readonly end: number;
  /** The whole match, then its groups; undefined where a group took no part. */
  readonly groups: readonly (string | undefined)[];
}

const cache = new Map<string, GuestRegex>();
const limit = 500;

/** Compiles a pattern that comes from a guest; throws a FormatError with Go's words (`error parsing regexp: …`). */
export function guestRegex(pattern: string, flags: RegexFlags = ""): GuestRegex {
  const name = `${flags}/${pattern}`;
  const known = cache.get(name);
  if (known) return known;
  const made = compile(pattern, flags);
  if (cache.size >= limit) cache.clear();
  cache.set(name, made);
  return made;
}

function compile(pattern: string, flags: RegexFlags): GuestRegex {
  let bits = 0;
  if (flags.includes("i")) bits |= RE2JS.CASE_INSENSITIVE;
  if (flags.includes("m")) bits |= RE2JS.MULTILINE;
  if (flags.includes("s")) bits |= RE2JS.DOTALL;
  try {
    return guestRegexOf(pattern, RE2JS.compile(pattern, bits));
  } catch (problem) {
    if (problem instanceof RE2JSSyntaxException) throw new FormatError(problem.message);
    throw problem;
  }
}

function guestRegexOf(pattern: string, compiled: RE2JS): GuestRegex {
  return {
    pattern,
    test: (text) => compiled.matcher(text).find(),
    find: (text, from = 0) => {
      const matcher = compiled.matcher(text);
      return from <= text.length && matcher.find(from) ? matchOf(matcher) : undefined;
    },
    all: (text) => {
      const matcher = compiled.matcher(text);
      const matches: GuestMatch[] = [];
      while (matcher.find()) {
        const match = matchOf(matcher);
        // As in Go, an empty match right after a match does not count.
        if (match.start < match.end || match.start !== matches.at(-1)?.end) matches.push(match);
      }
      return matches;
    },
  };
}

function matchOf(matcher: ReturnType<RE2JS["matcher"]>): GuestMatch {
  const groups: (string | undefined)[] = [];
  for (let i = 0; i <= matcher.groupCount(); i++) groups.push(matcher.group(i) ?? undefined);
  return { start: matcher.start(), end: matcher.end(), groups };
}
