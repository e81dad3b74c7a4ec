import { RE2JS } from "re2js";
import { backtrackingPattern } from "./backtrack.ts";
import { type Dialect, type Node, type Pattern, RegexError } from "./define.ts";
import { parseRegex } from "./parse.ts";
import { toRe2 } from "./to-re2.ts";

/** Compiles a POSIX regular expression; throws RegexError with regcomp's words. */
export function compileRegex(source: string, dialect: Dialect): Pattern {
  const { node, groups, backReferences } = parseRegex(source, dialect);
  const ignoreCase = dialect.ignoreCase ?? false;
  const literal = ignoreCase ? undefined : literalPattern(node);
  if (literal) return literal;
  const re2 = backReferences ? undefined : toRe2(node);
  return re2 === undefined ? backtrackingPattern(node, groups, ignoreCase) : re2Pattern(re2, groups, ignoreCase);
}

/** A fixed text matched as such (grep -F). */
export function fixedPattern(text: string, ignoreCase: boolean): Pattern {
  if (!ignoreCase) return textPattern(text);
  return re2Pattern(text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&"), 0, true);
}

/** Matches whole lines or whole words only (grep -x and -w). */
export function wholePattern(source: string, dialect: Dialect, whole: "line" | "word"): Pattern {
  const { node, groups, backReferences } = parseRegex(source, dialect);
  return bounded(node, backReferences, groups, whole, dialect.ignoreCase ?? false);
}

/** The same for a fixed text (grep -F). */
export function wholeText(text: string, ignoreCase: boolean, whole: "line" | "word"): Pattern {
  return bounded({ type: "text", text }, false, 0, whole, ignoreCase);
}

function bounded(
  node: Node,
  backReferences: boolean,
  groups: number,
  whole: "line" | "word",
  ignoreCase: boolean,
): Pattern {
  const [before, after] =
    whole === "line" ? (["textStart", "textEnd"] as const) : (["afterNoWord", "beforeNoWord"] as const);
  const parts: Node[] = [{ type: "assert", what: before }, node, { type: "assert", what: after }];
  const re2 = backReferences ? undefined : toRe2(node);
  if (re2 === undefined) return backtrackingPattern({ type: "sequence", parts }, groups, ignoreCase);
  if (whole === "line") return re2Pattern(`\\A(?:${re2})\\z`, 0, ignoreCase);
  // RE2 cannot look ahead, so the character after the word is part of the match, and the word a group.
  const inner = re2Pattern(`(?<![\\p{L}\\p{N}_])(${re2})(?:[^\\p{L}\\p{N}_]|\\z)`, 1, ignoreCase);
  return {
    groups: 0,
    exec: (text, from) => inner.exec(text, from)?.slice(2, 4),
    test: (text) => inner.test(text),
  };
}

function re2Pattern(source: string, groups: number, ignoreCase: boolean): Pattern {
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(
      source,
      RE2JS.LONGEST_MATCH | RE2JS.LOOKBEHINDS | (ignoreCase ? RE2JS.CASE_INSENSITIVE : 0),
    );
  } catch {
    // What the parser lets through RE2 refuses only for its size.
    throw new RegexError("Regular expression too big");
  }
  return {
    groups,
    exec(text, from = 0) {
      const matcher = compiled.matcher(text);
      if (!matcher.find(from)) return undefined;
      const spans: number[] = [];
      for (let group = 0; group <= groups; group++) spans.push(matcher.start(group), matcher.end(group));
      return spans;
    },
    test(text) {
      return compiled.matcher(text).find();
    },
  };
}

/** Plain text needs no engine, with or without anchors at its ends. */
function literalPattern(node: Node): Pattern | undefined {
  if (node.type === "text") return textPattern(node.text);
  if (node.type === "assert" && node.what === "textStart") return anchoredPattern("", true, false);
  if (node.type === "assert" && node.what === "textEnd") return anchoredPattern("", false, true);
  if (node.type !== "sequence") return undefined;
  const parts = [...node.parts];
  if (parts.length === 0) return textPattern("");
  const atStart = parts[0]?.type === "assert" && parts[0].what === "textStart";
  if (atStart) parts.shift();
  const last = parts.at(-1);
  const atEnd = last?.type === "assert" && last.what === "textEnd";
  if (atEnd) parts.pop();
  const [only] = parts;
  if (parts.length === 0) return anchoredPattern("", atStart, atEnd);
  if (parts.length !== 1 || only?.type !== "text") return undefined;
  return atStart || atEnd ? anchoredPattern(only.text, atStart, atEnd) : textPattern(only.text);
}

function textPattern(wanted: string): Pattern {
  return {
    groups: 0,
    exec(text, from = 0) {
      const at = text.indexOf(wanted, from);
      return at < 0 || from > text.length ? undefined : [at, at + wanted.length];
    },
    test: (text) => text.includes(wanted),
  };
}

function anchoredPattern(wanted: string, atStart: boolean, atEnd: boolean): Pattern {
  return {
    groups: 0,
    exec(text, from = 0) {
      const at = atStart ? 0 : text.length - wanted.length;
      if (at < from || !text.startsWith(wanted, at) || (atEnd && at + wanted.length !== text.length)) return undefined;
      return [at, at + wanted.length];
    },
    test(text) {
      if (atStart && atEnd) return text === wanted;
      return atStart ? text.startsWith(wanted) : text.endsWith(wanted);
    },
  };
}
