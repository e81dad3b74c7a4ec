import { RE2JS } from "re2js";
import type { Pattern } from "../regex/define.ts";
import { Fail } from "../shared/fail.ts";

type Find = (text: string, from: number) => readonly [number, number] | undefined;

/**
 * -P: Perl's language as far as RE2 goes, with \K, and with look-ahead where it can be had: at the end, or `^(?!…)` at the
 * beginning. Other look-ahead and back-references say that they are not simulated.
 */
export function perlPattern(source: string, ignoreCase: boolean, whole: "line" | "word" | undefined): Pattern {
  const body = whole === "line" ? `\\A(?:${source})\\z` : whole === "word" ? `\\b(?:${source})\\b` : source;
  const find = finder(body, ignoreCase);
  return {
    groups: 0,
    exec: (text, from = 0) => find(text, from),
    test: (text) => find(text, 0) !== undefined,
  };
}

function finder(body: string, ignoreCase: boolean): Find {
  const look = lookAheadIn(body);
  if (look?.sign === "=" && look.after === "") return finding(look.before, `(?:${look.inner})`, ignoreCase);
  if (look?.sign !== "!") return finding(body, "", ignoreCase);
  const refused = compile(`\\A(?:${look.inner})`, ignoreCase);
  if (look.before === "^") {
    const wanted = finding(`^${look.after}`, "", ignoreCase);
    return (text, from) => (refused.matcher(text).find() ? undefined : wanted(text, from));
  }
  // Only where what comes before can match in one way alone is it right to ask once what follows.
  if (look.after !== "" || /[*+?{|]/.test(look.before)) return finding(body, "", ignoreCase);
  const wanted = finding(look.before, "", ignoreCase);
  return (text, from) => {
    let span = wanted(text, from);
    while (span && refused.matcher(text.slice(span[1])).find()) span = wanted(text, span[0] + 1);
    return span;
  };
}

/** Finds what `body` matches from its \K on, where `after` follows. */
function finding(body: string, after: string, ignoreCase: boolean): Find {
  const kept = body.includes("\\K") || after !== "";
  if (!kept) return spans(compile(body, ignoreCase), 0);
  const [before, ...rest] = body.includes("\\K") ? body.split("\\K") : ["", body];
  // The group's number: those that are opened before it, and itself.
  const group =
    compile(before ?? "", ignoreCase)
      .matcher("")
      .groupCount() + 1;
  return spans(compile(`${before}(${rest.join("")})${after}`, ignoreCase), group);
}

function spans(pattern: RE2JS, group: number): Find {
  return (text, from) => {
    const matcher = pattern.matcher(text);
    return matcher.find(from) ? [matcher.start(group), matcher.end(group)] : undefined;
  };
}

function compile(body: string, ignoreCase: boolean): RE2JS {
  try {
    return RE2JS.compile(body, RE2JS.LOOKBEHINDS | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0));
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "";
    throw new Fail(`this Perl regular expression is not simulated: ${reason}`, 2);
  }
}

interface LookAhead {
  readonly before: string;
  readonly sign: string;
  readonly inner: string;
  readonly after: string;
}

/** The first look-ahead that stands in no group. */
function lookAheadIn(body: string): LookAhead | undefined {
  const found = /\(\?[=!]/.exec(body);
  if (!found) return undefined;
  const start = found.index;
  if (depthAt(body, start) !== 0) return undefined;
  for (let end = start + 3; end <= body.length; end++) {
    if (body[end] !== ")" || depthAt(body, end) !== 1) continue;
    const [before, inner] = [body.slice(0, start), body.slice(start + 3, end)];
    return { before, sign: body[start + 2] ?? "", inner, after: body.slice(end + 1) };
  }
  return undefined;
}

/** In how many groups a place of a pattern lies. */
function depthAt(body: string, at: number): number {
  const plain = body
    .slice(0, at)
    .replace(/\\./gs, "")
    .replace(/\[\^?\]?[^\]]*\]/g, "");
  return plain.split("(").length - plain.split(")").length;
}
