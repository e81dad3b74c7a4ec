import { Problem } from "../problem.ts";

export interface Token {
  readonly type: "number" | "name" | "operator" | "end";
  readonly text: string;
  /** Where it begins in the expression. */
  readonly at: number;
  /** The subscript of a name. */
  readonly subscript?: string | undefined;
}

const operators = [
  "<<=",
  ">>=",
  "**",
  "<<",
  ">>",
  "<=",
  ">=",
  "==",
  "!=",
  "&&",
  "||",
  "++",
  "--",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "&=",
  "^=",
  "|=",
  "<",
  ">",
  "=",
  "!",
  "+",
  "-",
  "*",
  "/",
  "%",
  "&",
  "|",
  "^",
  "~",
  "?",
  ":",
  ",",
  "(",
  ")",
];

/** The tokens of an arithmetic expression. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? "")) at++;
    if (at >= text.length) {
      tokens.push({ type: "end", text: "", at });
      return tokens;
    }
    const token = tokenAt(text, at, tokens.at(-1));
    tokens.push(token);
    at += token.text.length;
  }
}

const numberOrName = /[0-9][0-9a-zA-Z_@#]*|[A-Za-z_][A-Za-z0-9_]*/y;

function tokenAt(text: string, at: number, before: Token | undefined): Token {
  numberOrName.lastIndex = at;
  const match = numberOrName.exec(text)?.[0];
  if (match === undefined) {
    const operator = operators.find((candidate) => text.startsWith(candidate, at));
    if (operator === undefined) {
      const why = before && before.type !== "operator" ? "invalid arithmetic operator" : "operand expected";
      throw new Problem(`${text.trimStart()}: syntax error: ${why} (error token is "${text.slice(at)}")`);
    }
    return { type: "operator", text: operator, at };
  }
  if (/^[0-9]/.test(match)) return { type: "number", text: match, at };
  if (text[at + match.length] !== "[") return { type: "name", text: match, at };
  const end = closing(text, at + match.length + 1);
  return { type: "name", text: text.slice(at, end + 1), at, subscript: text.slice(at + match.length + 1, end) };
}

function closing(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    if (text[at] === "[") depth++;
    else if (text[at] === "]" && depth-- === 0) return at;
  }
  throw new Problem(`${text.trimStart()}: bad array subscript (error token is "${text.slice(from)}")`);
}

/** The value of a number as C and bash write it: decimal, 0x…, 0…, base#digits. */
export function numberOf(token: string, fail: (why: string) => never): bigint {
  const based = /^(\d+)#(.*)$/s.exec(token);
  if (based) return digitsOf(based[2] as string, Number(based[1]), fail);
  if (/^0[xX]/.test(token)) return token.length === 2 ? 0n : digitsOf(token.slice(2).toLowerCase(), 16, fail);
  if (token.length > 1 && token.startsWith("0")) return digitsOf(token.slice(1), 8, fail);
  return digitsOf(token, 10, fail);
}

const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_";

function digitsOf(text: string, base: number, fail: (why: string) => never): bigint {
  if (base < 2 || base > 64) fail("invalid arithmetic base");
  if (text === "") fail("invalid integer constant");
  let value = 0n;
  for (const character of base <= 36 ? text.toLowerCase() : text) {
    const digit = digits.indexOf(character);
    if (digit < 0) fail("invalid number");
    if (digit >= base) fail("value too great for base");
    value = BigInt.asIntN(64, value * BigInt(base) + BigInt(digit));
  }
  return value;
}
