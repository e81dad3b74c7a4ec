import { FormatError } from "./format-error.ts";
import { goQuote } from "./go-text.ts";
import { compareText } from "./json.ts";
import { labelKeyProblems } from "./label-syntax.ts";
import {
  inOrder,
  invalid,
  type LabelSelectorExpression,
  type LabelSelectorFields,
  type Requirement,
  requirement,
  type Selector,
  type SelectorOperator,
} from "./selector.ts";

/** A piece of a selector's text: a symbol, a word, or "" at the end. */
interface Token {
  readonly kind: "symbol" | "word" | "end";
  readonly text: string;
}

const end: Token = { kind: "end", text: "" };
const symbols = [")", ",", "!", "==", "=", ">", "<", "!=", "("];
const binaryOperators: Readonly<Record<string, SelectorOperator>> = {
  in: "in",
  notin: "notin",
  "=": "=",
  "==": "==",
  "!=": "!=",
  ">": "gt",
  "<": "lt",
};

interface Reader {
  readonly tokens: readonly Token[];
  at: number;
}

/** Reads a label selector as it stands in `-l` or `labelSelector=`; a FormatError in apimachinery's words (1.33). */
export function parseSelector(text: string): Selector {
  const reader: Reader = { tokens: tokensOf(text), at: 0 };
  const all: Requirement[] = [];
  for (;;) {
    const token = peek(reader);
    if (token.kind === "end") return inOrder(all);
    if (!startsRequirement(token)) throw found(token, "!, identifier, or 'end of string'");
    all.push(readRequirement(reader));
    const after = take(reader);
    if (after.kind === "end") return inOrder(all);
    if (!isSymbol(after, ",")) throw found(after, "',' or 'end of string'");
    if (!startsRequirement(peek(reader))) throw found(peek(reader), "identifier after ','");
  }
}

/** A selector's text as the LabelSelector of an object, as `kubectl create pdb --selector` makes it. */
export function labelSelectorFields(text: string): LabelSelectorFields {
  let parsed: Selector;
  try {
    parsed = parseSelector(text);
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    throw new FormatError(`couldn't parse the selector string "${text}": ${problem.message}`);
  }
  const matchLabels: Record<string, string> = {};
  const matchExpressions: LabelSelectorExpression[] = [];
  const names: Partial<Record<SelectorOperator, string>> = {
    in: "In",
    notin: "NotIn",
    exists: "Exists",
    "!": "DoesNotExist",
  };
  for (const { key, operator, values } of parsed) {
    const name = names[operator];
    if (operator === "=" || operator === "==") matchLabels[key] = values[0] ?? "";
    else if (operator === "gt" || operator === "lt") {
      throw new FormatError(`${goQuote(operator)} isn't supported in label selectors`);
    } else if (!name) throw new FormatError(`${goQuote(operator)} is not a valid label selector operator`);
    else matchExpressions.push(values.length > 0 ? { key, operator: name, values } : { key, operator: name });
  }
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
    ...(matchExpressions.length > 0 ? { matchExpressions } : {}),
  };
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/[ \t\r\n]/.test(text[at] ?? "")) {
      at++;
      continue;
    }
    const word = /^[^=!(),<> \t\r\n]+/.exec(text.slice(at))?.[0];
    const pieceText = word ?? symbols.filter((symbol) => text.startsWith(symbol, at)).sort(byLength)[0] ?? "";
    tokens.push({ kind: word === undefined ? "symbol" : "word", text: pieceText });
    at += pieceText.length;
  }
  return tokens;
}

function byLength(a: string, b: string): number {
  return b.length - a.length;
}

function peek(reader: Reader): Token {
  return reader.tokens[reader.at] ?? end;
}

function take(reader: Reader): Token {
  return reader.tokens[reader.at++] ?? end;
}

function isSymbol(token: Token, text: string): boolean {
  return token.kind === "symbol" && token.text === text;
}

function startsRequirement(token: Token): boolean {
  return token.kind === "word" || isSymbol(token, "!");
}

function found(token: Token, expected: string): FormatError {
  return new FormatError(`found '${token.text}', expected: ${expected}`);
}

function readRequirement(reader: Reader): Requirement {
  try {
    const negated = isSymbol(peek(reader), "!");
    if (negated) take(reader);
    const key = take(reader);
    if (key.kind !== "word") throw found(key, "identifier");
    const problems = labelKeyProblems(key.text);
    if (problems.length > 0) throw invalid("<nil>", key.text, problems.join("; "));
    if (negated) return requirement(key.text, "!", []);
    if (peek(reader).kind === "end" || isSymbol(peek(reader), ",")) return requirement(key.text, "exists", []);
    const sign = take(reader);
    const operator = sign.kind === "end" ? undefined : binaryOperators[sign.text];
    if (!operator) throw found(sign, "in, notin, =, ==, !=, gt, lt");
    const values = operator === "in" || operator === "notin" ? readValues(reader) : readValue(reader);
    return requirement(key.text, operator, [...values].sort(compareText));
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    throw new FormatError(`unable to parse requirement: ${problem.message}`);
  }
}

function readValue(reader: Reader): Set<string> {
  const token = peek(reader);
  if (token.kind === "end" || isSymbol(token, ",")) return new Set([""]);
  take(reader);
  if (token.kind === "word") return new Set([token.text]);
  throw found(token, "identifier");
}

function readValues(reader: Reader): Set<string> {
  const open = take(reader);
  if (!isSymbol(open, "(")) throw new FormatError(`found '${open.text}' expected: '('`);
  const first = peek(reader);
  if (isSymbol(first, ")")) {
    take(reader);
    return new Set([""]);
  }
  if (first.kind !== "word" && !isSymbol(first, ",")) throw found(first, "',', ')' or identifier");
  const values = readList(reader);
  const close = take(reader);
  if (!isSymbol(close, ")")) throw found(close, "')'");
  return values;
}

function readList(reader: Reader): Set<string> {
  const values = new Set<string>();
  for (;;) {
    const token = take(reader);
    const after = peek(reader);
    if (token.kind === "word") {
      values.add(token.text);
      if (isSymbol(after, ")")) return values;
      if (!isSymbol(after, ",")) throw found(after, "',' or ')'");
    } else if (isSymbol(token, ",")) {
      if (values.size === 0) values.add("");
      if (isSymbol(after, ")")) return values.add("");
      if (isSymbol(after, ",")) {
        take(reader);
        values.add("");
      }
    } else throw found(token, "',', or identifier");
  }
}
