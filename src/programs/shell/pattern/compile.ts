/** A shell pattern taken apart. */
export type PatternNode =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "any" }
  | { readonly type: "star" }
  | { readonly type: "set"; readonly negated: boolean; readonly has: (code: number) => boolean }
  | {
      readonly type: "group";
      readonly operator: "?" | "*" | "+" | "@" | "!";
      readonly choices: readonly (readonly PatternNode[])[];
    };

export interface PatternOptions {
  /** Whether `?(…)` and the like are patterns; the text otherwise. */
  readonly extended: boolean;
  readonly ignoreCase?: boolean;
}

/** Whether a text in which quoted characters stand behind backslashes holds something to match. */
export function hasMagic(pattern: string, extended: boolean): boolean {
  if (!/[*?[+@!]/.test(pattern)) return false;
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string;
    if (c === "\\") i++;
    else if (c === "*" || c === "?" || (c === "[" && closing(pattern, i) > 0)) return true;
    else if (extended && "+@!".includes(c) && pattern[i + 1] === "(") return true;
  }
  return false;
}

/** Protects what would be special in a pattern. */
export function escapePattern(text: string): string {
  return /[\\*?[\]()|+@!^-]/.test(text) ? text.replace(/[\\*?[\]()|+@!^-]/g, "\\$&") : text;
}

/** The text that a pattern without magic stands for. */
export function unescapePattern(pattern: string): string {
  return pattern.includes("\\") ? pattern.replace(/\\([\s\S])/g, "$1") : pattern;
}

export function compile(pattern: string, options: PatternOptions): readonly PatternNode[] {
  return new Compiler(pattern, options).sequence("");
}

class Compiler {
  private readonly pattern: string;
  private readonly options: PatternOptions;
  private at = 0;

  constructor(pattern: string, options: PatternOptions) {
    this.pattern = options.ignoreCase ? pattern.toLowerCase() : pattern;
    this.options = options;
  }

  /** Reads up to one of `stops` (or the end) and leaves the cursor there. */
  sequence(stops: string): PatternNode[] {
    const nodes: PatternNode[] = [];
    let text = "";
    const flush = () => {
      if (text !== "") nodes.push({ type: "text", text });
      text = "";
    };
    while (this.at < this.pattern.length) {
      const c = this.pattern[this.at] as string;
      if (stops.includes(c)) break;
      const node = this.special(c);
      if (node) {
        flush();
        if (node.type !== "star" || nodes.at(-1)?.type !== "star") nodes.push(node);
      } else {
        if (c === "\\" && this.at + 1 < this.pattern.length) this.at++;
        text += this.pattern[this.at++];
      }
    }
    flush();
    return nodes;
  }

  /** The special thing that begins here, with the cursor behind it; undefined for an ordinary character. */
  private special(c: string): PatternNode | undefined {
    if (this.options.extended && "?*+@!".includes(c) && this.pattern[this.at + 1] === "(") {
      const group = this.group(c as "?");
      if (group) return group;
    }
    if (c === "*" || c === "?") {
      this.at++;
      return { type: c === "*" ? "star" : "any" };
    }
    return c === "[" ? this.set() : undefined;
  }

  private group(operator: "?" | "*" | "+" | "@" | "!"): PatternNode | undefined {
    const start = this.at;
    const choices: PatternNode[][] = [];
    this.at++;
    do {
      this.at++;
      choices.push(this.sequence("|)"));
    } while (this.pattern[this.at] === "|");
    if (this.pattern[this.at] !== ")") {
      this.at = start;
      return undefined;
    }
    this.at++;
    return { type: "group", operator, choices };
  }

  private set(): PatternNode | undefined {
    const end = closing(this.pattern, this.at);
    if (end < 0) return undefined;
    const negated = /[!^]/.test(this.pattern[this.at + 1] as string);
    const has = members(this.pattern.slice(this.at + (negated ? 2 : 1), end), this.options.ignoreCase === true);
    this.at = end + 1;
    return { type: "set", negated, has };
  }
}

/** Where the bracket expression at `open` ends; -1 where it does not. */
function closing(pattern: string, open: number): number {
  let at = open + 1;
  if (/[!^]/.test(pattern[at] ?? "")) at++;
  for (let first = true; at < pattern.length; first = false) {
    const c = pattern[at];
    if (c === "]" && !first) return at;
    if (c === "/") return -1;
    const named =
      c === "[" && ":.=".includes(pattern[at + 1] ?? " ") ? pattern.indexOf(`${pattern[at + 1]}]`, at + 2) : -1;
    at = named >= 0 ? named + 2 : at + (c === "\\" ? 2 : 1);
  }
  return -1;
}

const classes: Readonly<Record<string, RegExp>> = {
  alpha: /\p{L}/u,
  digit: /[0-9]/,
  alnum: /[\p{L}\p{N}]/u,
  upper: /\p{Lu}/u,
  lower: /\p{Ll}/u,
  space: /\s/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  print: /[^\p{Cc}]/u,
  graph: /[^\p{Cc}\s]/u,
  cntrl: /\p{Cc}/u,
  xdigit: /[0-9A-Fa-f]/,
  word: /[\p{L}\p{N}_]/u,
  ascii: /[\0-\x7f]/,
};

/** Who is in a bracket expression; `inside` is what stands between the brackets. */
function members(inside: string, ignoreCase: boolean): (code: number) => boolean {
  const ranges: [number, number][] = [];
  const named: RegExp[] = [];
  let at = 0;
  const one = (): number => {
    if (inside[at] === "\\" && at + 1 < inside.length) at++;
    const collating = /^\[[.=](.)[.=]\]/su.exec(inside.slice(at));
    const code = (collating?.[1] ?? inside.slice(at)).codePointAt(0) ?? 0;
    at += collating ? collating[0].length : String.fromCodePoint(code).length;
    return code;
  };
  while (at < inside.length) {
    const name = /^\[:([a-z]+):\]/.exec(inside.slice(at));
    if (name) {
      const known = classes[name[1] as string];
      if (known) named.push(known);
      at += name[0].length;
      continue;
    }
    const from = one();
    if (inside[at] === "-" && at + 1 < inside.length) {
      at++;
      ranges.push([from, one()]);
    } else ranges.push([from, from]);
  }
  const plain = (code: number) =>
    ranges.some(([from, to]) => code >= from && code <= to) ||
    (named.length > 0 && named.some((test) => test.test(String.fromCodePoint(code))));
  if (!ignoreCase) return plain;
  return (code) => plain(code) || plain(String.fromCodePoint(code).toUpperCase().codePointAt(0) ?? code);
}
