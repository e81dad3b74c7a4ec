import { type Assertion, type CharacterSet, type Node, RegexError } from "./define.ts";

/** RE2 takes no repetition above this, nor nested ones whose product is above it. */
const RE2_MOST = 1000;

const assertions: Readonly<Record<Assertion, string>> = {
  lineStart: "(?m:^)",
  lineEnd: "(?m:$)",
  textStart: "\\A",
  textEnd: "\\z",
  wordStart: "\\b(?<!\\w)",
  wordEnd: "\\b(?<=\\w)",
  edge: "\\b",
  noEdge: "\\B",
  afterNoWord: "(?<![\\p{L}\\p{N}_])",
  // Only the matcher with back-references looks ahead; see compile.ts for the other way.
  beforeNoWord: "",
};

/** Character classes as they are in the C.UTF-8 locale. */
const classes: Readonly<Record<string, string>> = {
  alpha: "\\p{L}",
  digit: "0-9",
  alnum: "\\p{L}\\p{Nd}",
  upper: "\\p{Lu}",
  lower: "\\p{Ll}",
  space: " \\t\\n\\v\\f\\r",
  blank: " \\t",
  punct: "!-/:-@\\[-`{-~\\p{P}\\p{S}",
  print: " -~\\p{L}\\p{N}\\p{P}\\p{S}\\p{M}",
  graph: "!-~\\p{L}\\p{N}\\p{P}\\p{S}\\p{M}",
  cntrl: "\\x00-\\x1f\\x7f",
  xdigit: "0-9A-Fa-f",
};

/** The same expression in RE2's language, or undefined where RE2 has no words for it (back-references). */
export function toRe2(node: Node): string | undefined {
  switch (node.type) {
    case "text":
      return escapeText(node.text);
    case "any":
      return "(?s:.)";
    case "set":
      return setToRe2(node.set);
    case "assert":
      return assertions[node.what];
    case "back":
      return undefined;
    case "group": {
      const body = toRe2(node.body);
      return body === undefined ? undefined : `(${body})`;
    }
    case "repeat":
      return repeatToRe2(node.body, node.min, node.max);
    default: {
      const parts = node.parts.map(toRe2);
      if (parts.includes(undefined)) return undefined;
      return node.type === "either" ? `(?:${parts.join("|")})` : parts.join("");
    }
  }
}

function repeatToRe2(node: Node, min: number, max: number): string | undefined {
  const inner = toRe2(node);
  if (inner === undefined) return undefined;
  const single = node.type === "any" || node.type === "set" || node.type === "group";
  const body = single || (node.type === "text" && [...node.text].length === 1) ? inner : `(?:${inner})`;
  if (max === Number.POSITIVE_INFINITY && min <= 1) return `${body}${min === 0 ? "*" : "+"}`;
  if (min === 0 && max === 1) return `${body}?`;
  if (min > RE2_MOST || (max !== Number.POSITIVE_INFINITY && max > RE2_MOST))
    throw new RegexError("Regular expression too big");
  return `(?:${body}{${min},${max === Number.POSITIVE_INFINITY ? "" : max}})`;
}

function setToRe2(set: CharacterSet): string {
  const ranges = set.ranges.map(([low, high]) => (low === high ? hex(low) : `${hex(low)}-${hex(high)}`));
  return `[${set.negated ? "^" : ""}${ranges.join("")}${set.classes.map((name) => classes[name] ?? "").join("")}]`;
}

function hex(code: number): string {
  return `\\x{${code.toString(16)}}`;
}

function escapeText(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
