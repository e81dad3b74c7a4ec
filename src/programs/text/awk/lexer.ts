import { Fail } from "../shared/fail.ts";

export interface Token {
  /** A sign or keyword stands for itself. */
  readonly type: string;
  readonly text: string;
  readonly start: number;
  readonly line: number;
}

const keywords = new Set([
  "BEGIN",
  "END",
  "function",
  "func",
  "if",
  "else",
  "while",
  "for",
  "do",
  "break",
  "continue",
  "next",
  "nextfile",
  "exit",
  "return",
  "delete",
  "in",
  "getline",
  "print",
  "printf",
]);

export const builtinNames = new Set([
  "length",
  "substr",
  "index",
  "split",
  "sub",
  "gsub",
  "gensub",
  "match",
  "sprintf",
  "sin",
  "cos",
  "atan2",
  "exp",
  "log",
  "sqrt",
  "int",
  "rand",
  "srand",
  "tolower",
  "toupper",
  "system",
  "close",
  "fflush",
  "strftime",
  "systime",
  "mktime",
  "and",
  "or",
  "xor",
  "compl",
  "lshift",
  "rshift",
  "strtonum",
  "asort",
  "asorti",
]);

const signs = [
  "**=",
  "&&",
  "||",
  "!~",
  "==",
  "<=",
  ">=",
  "!=",
  "++",
  "--",
  "+=",
  "-=",
  "*=",
  "/=",
  "%=",
  "^=",
  "**",
  ">>",
  "{",
  "}",
  "(",
  ")",
  "[",
  "]",
  ";",
  ",",
  "+",
  "-",
  "*",
  "/",
  "%",
  "^",
  "!",
  ">",
  "<",
  "|",
  "?",
  ":",
  "~",
  "$",
  "=",
];

/** Takes an awk program apart; a slash is a division until the parser asks for a regular expression. */
export class Lexer {
  private readonly source: string;
  private at = 0;
  private line = 1;

  constructor(source: string) {
    this.source = source;
  }

  next(): Token {
    this.skipBlanks();
    const start = this.at;
    const character = this.source[start];
    if (character === undefined) return this.token("end", "", start);
    if (character === "\n") {
      this.at++;
      const token = this.token("newline", "\n", start);
      this.line++;
      return token;
    }
    if (character === '"') return this.string(start);
    const rest = this.source.slice(start, start + 80);
    const number = /^(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(rest);
    if (number) {
      this.at += number[0].length;
      return this.token("number", number[0], start);
    }
    if (/[A-Za-z_]/.test(character)) return this.name(start);
    const sign = signs.find((one) => rest.startsWith(one));
    if (sign === undefined) throw new Fail(`line ${this.line}: unexpected character '${character}'`, 2);
    this.at += sign.length;
    return this.token(sign === "**" ? "^" : sign === "**=" ? "^=" : sign, sign, start);
  }

  /** Reads a regular expression whose text begins at `start`. */
  regex(start: number): Token {
    let text = "";
    let inBracket = false;
    for (let at = start; ; at++) {
      const character = this.source[at];
      if (character === undefined || character === "\n")
        throw new Fail(`line ${this.line}: regular expression compile failed (missing operand)\n/${text}`, 2);
      if (character === "\\") {
        const next = this.source[++at] ?? "";
        text += next === "/" ? "/" : `\\${next}`;
      } else if (character === "/" && !inBracket) {
        this.at = at + 1;
        return this.token("regex", text, start);
      } else {
        if (character === "[" && !inBracket) {
          inBracket = true;
          if (this.source[at + 1] === "^") text += this.source[at++];
          if (this.source[at + 1] === "]") text += this.source[at++];
        } else if (character === "]") inBracket = false;
        text += this.source[at];
      }
    }
  }

  private token(type: string, text: string, start: number): Token {
    return { type, text, start, line: this.line };
  }

  private skipBlanks(): void {
    for (;;) {
      const character = this.source[this.at];
      if (character === " " || character === "\t" || character === "\r") this.at++;
      else if (character === "\\" && this.source[this.at + 1] === "\n") {
        this.at += 2;
        this.line++;
      } else if (character === "\\" && this.source.startsWith("\r\n", this.at + 1)) {
        this.at += 3;
        this.line++;
      } else if (character === "#") {
        const end = this.source.indexOf("\n", this.at);
        this.at = end < 0 ? this.source.length : end;
      } else return;
    }
  }

  private name(start: number): Token {
    let end = start;
    while (/\w/.test(this.source[end] ?? "")) end++;
    this.at = end;
    const text = this.source.slice(start, end);
    if (keywords.has(text)) return this.token(text === "func" ? "function" : text, text, start);
    if (builtinNames.has(text)) return this.token("builtin", text, start);
    return this.token(this.source[end] === "(" ? "routine" : "name", text, start);
  }

  private string(start: number): Token {
    for (let at = start + 1; ; at++) {
      const character = this.source[at];
      if (character === undefined || character === "\n")
        throw new Fail(`line ${this.line}: runaway string constant ${this.source.slice(start, start + 12)} ...`, 2);
      if (character === "\\") at++;
      else if (character === '"') {
        this.at = at + 1;
        return this.token("string", unescapeAwk(this.source.slice(start + 1, at)), start);
      }
    }
  }
}

const simple: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "\\": "\\",
  '"': '"',
  "/": "/",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\n": "",
};

/** Resolves awk's backslash escapes in a string; unknown ones stay as they are. */
export function unescapeAwk(text: string): string {
  if (!text.includes("\\")) return text;
  return text.replace(/\\([0-7]{1,3}|[\s\S])/g, (whole, what: string) => {
    if (/^[0-7]/.test(what)) return String.fromCharCode(Number.parseInt(what, 8) & 255);
    return simple[what] ?? whole;
  });
}
