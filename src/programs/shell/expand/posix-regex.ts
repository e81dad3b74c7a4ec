import { RE2JS, RE2JSSyntaxException } from "re2js";

const cache = new Map<string, RE2JS | undefined>();
const LIMIT = 200;

/** Where a POSIX extended regular expression matches: the whole and its groups; null without a match, undefined where it is none. */
export function matchExtended(
  pattern: string,
  text: string,
  ignoreCase: boolean,
): (string | undefined)[] | null | undefined {
  const key = `${ignoreCase ? "i" : ""}/${pattern}`;
  if (!cache.has(key)) {
    if (cache.size >= LIMIT) cache.clear();
    cache.set(key, compile(pattern, ignoreCase));
  }
  const compiled = cache.get(key);
  if (!compiled) return undefined;
  const matcher = compiled.matcher(text);
  if (!matcher.find()) return null;
  const groups: (string | undefined)[] = [];
  for (let i = 0; i <= matcher.groupCount(); i++) groups.push(matcher.group(i) ?? undefined);
  return groups;
}

function compile(pattern: string, ignoreCase: boolean): RE2JS | undefined {
  try {
    return RE2JS.compile(
      translate(pattern),
      RE2JS.LONGEST_MATCH | RE2JS.DOTALL | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0),
    );
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return undefined;
    throw error;
  }
}

/** GNU's extended expressions in RE2's words: they differ in brackets, in escapes and in braces that are no counts. */
function translate(pattern: string): string {
  let out = "";
  for (let at = 0; at < pattern.length; ) {
    const c = pattern[at] as string;
    if (c === "[") {
      const [set, end] = bracket(pattern, at);
      out += set;
      at = end;
    } else if (c === "\\") {
      out += escaped(pattern[at + 1] ?? "\\");
      at += 2;
    } else if (c === "{" && !/^\{\d+(,\d*)?\}/.test(pattern.slice(at))) {
      out += "\\{";
      at++;
    } else {
      out += c;
      at++;
    }
  }
  return out;
}

const gnu: Readonly<Record<string, string>> = {
  "<": "\\b",
  ">": "\\b",
  "`": "\\A",
  "'": "\\z",
  w: "\\w",
  W: "\\W",
  s: "\\s",
  S: "\\S",
  b: "\\b",
  B: "\\B",
};

function escaped(c: string): string {
  return gnu[c] ?? (/[A-Za-z0-9]/.test(c) ? c : `\\${c}`);
}

/** A bracket expression, in which POSIX gives the backslash no meaning. */
function bracket(pattern: string, open: number): [text: string, end: number] {
  let at = open + 1;
  let out = "[";
  if (pattern[at] === "^") {
    out += "^";
    at++;
  }
  for (let first = true; at < pattern.length; first = false) {
    const c = pattern[at] as string;
    if (c === "]" && !first) return [`${out}]`, at + 1];
    const named = /^\[:\w+:\]/.exec(pattern.slice(at))?.[0];
    const collating = /^\[[.=](.)[.=]\]/s.exec(pattern.slice(at));
    if (named) out += named;
    else if (collating) out += `\\${collating[1]}`;
    else out += c === "]" || c === "\\" || c === "[" || (c === "^" && first) ? `\\${c}` : c;
    at += named?.length ?? collating?.[0].length ?? 1;
  }
  return ["[", open + 1];
}
