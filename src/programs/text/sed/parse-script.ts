import { compileRegex } from "../regex/compile.ts";
import { type Pattern, RegexError } from "../regex/define.ts";
import { Fail } from "../shared/fail.ts";
import type { Address, Command, RangeEnd, Script, Substitution } from "./ast.ts";
import { delimited, parseReplacement, unescapeText } from "./parts.ts";

export interface Options {
  readonly extended: boolean;
}

const known = new Set([..."{}=aAbcdDeFgGhHilnNpPqQrRstTvwWxyz:#"]);
const oneAddress = new Set(["=", "a", "i", "q", "Q", "r"]);

/** Parses the pieces of a script: -e texts and -f files, put together with newlines. */
export function parseScript(source: string, options: Options): Script {
  return new Parser(source, options).script();
}

class Parser {
  private at = 0;
  private readonly source: string;
  private readonly options: Options;
  private readonly commands: Command[] = [];
  private readonly labels = new Map<string, number>();
  private readonly open: Command[] = [];

  constructor(source: string, options: Options) {
    this.source = source;
    this.options = options;
  }

  script(): Script {
    const quiet = this.source === "#n" || this.source.startsWith("#n\n");
    for (;;) {
      this.skip(/[\s;]*/y);
      if (this.at >= this.source.length) break;
      this.command();
    }
    if (this.open.length > 0) this.refuse("unmatched `{'", 0);
    for (const { name, text } of this.commands)
      if ("btT".includes(name) && text !== "" && !this.labels.has(text))
        throw new Fail(`can't find label for jump to \`${text}'`, 4);
    return { commands: this.commands, labels: this.labels, quiet };
  }

  private refuse(message: string, at = this.at): never {
    throw new Fail(`-e expression #1, char ${at}: ${message}`);
  }

  /** Moves over what the sticky pattern matches and returns it. */
  private skip(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private command(): void {
    const from = this.address();
    let to: RangeEnd | undefined;
    this.skip(/[ \t]*/y);
    if (from && this.source[this.at] === ",") {
      this.at++;
      this.skip(/[ \t]*/y);
      to = this.rangeEnd();
      if (!to) this.refuse("unexpected `,'");
    }
    if (from?.type === "line" && from.line === 0 && to?.type !== "pattern")
      this.refuse("invalid usage of line address 0");
    this.skip(/[ \t]*/y);
    const negated = this.skip(/![ \t!]*/y) !== "";
    const name = this.source[this.at++];
    if (name === undefined || name === "\n") this.refuse("missing command", name === undefined ? this.at - 1 : this.at);
    if (!known.has(name)) this.refuse(`unknown command: \`${name}'`);
    if (name === "#") {
      if (from) this.refuse("comments don't accept any addresses");
      this.skip(/[^\n]*/y);
      return;
    }
    if (name === ":" && from) this.refuse(": doesn't want any addresses");
    if (name === "}" && from) this.refuse("} doesn't want any addresses");
    if (to && oneAddress.has(name) && (name === "q" || name === "Q")) this.refuse("command only uses one address");
    this.rest({ from, to, negated, name, text: "", number: undefined, end: 0, active: false, lastLine: 0 });
  }

  private rest(command: Command): undefined {
    switch (command.name) {
      case "{":
        this.commands.push(command);
        this.open.push(command);
        return;
      case "}": {
        const opening = this.open.pop();
        if (!opening) this.refuse("unexpected `}'");
        opening.end = this.commands.length;
        return this.endOfCommand();
      }
      case ":": {
        this.skip(/[ \t]*/y);
        const label = this.skip(/[^\n;\s]*/y);
        if (label === "") this.refuse('":" lacks a label');
        this.labels.set(label, this.commands.length);
        return;
      }
      case "s":
        this.commands.push({ ...command, substitution: this.substitution() });
        return this.endOfCommand();
      case "y":
        this.commands.push({ ...command, characters: this.transliteration() });
        return this.endOfCommand();
      case "e":
        throw new Fail("the e command is not simulated");
      default:
        return this.withWord(command);
    }
  }

  private withWord(command: Command): undefined {
    const { name } = command;
    if (name === "a" || name === "i" || name === "c") {
      this.commands.push({ ...command, text: this.text() });
    } else if ("btT".includes(name)) {
      this.skip(/[ \t]*/y);
      this.commands.push({ ...command, text: this.skip(/[^\n;}\s]*/y) });
      this.endOfCommand();
    } else if ("rRwW".includes(name)) {
      this.skip(/[ \t]*/y);
      const text = this.skip(/[^\n]*/y);
      if (text === "") this.refuse("missing filename in r/R/w/W commands");
      this.commands.push({ ...command, text });
    } else {
      const digits = "qQlL".includes(name) ? this.skip(/[ \t]*\d+/y).trim() : "";
      this.commands.push({ ...command, number: digits === "" ? undefined : Number(digits) });
      this.endOfCommand();
    }
  }

  private endOfCommand(): undefined {
    this.skip(/[ \t]*/y);
    const next = this.source[this.at];
    if (next === undefined || next === "\n" || next === ";" || next === "}" || next === "#") return;
    this.at++;
    this.refuse("extra characters after command");
  }

  /** What a, i and c put: after a backslash and a newline as it stands, or on the same line (GNU). */
  private text(): string {
    this.skip(/[ \t]*/y);
    if (this.source[this.at] === "\\") {
      // Blanks after the backslash belong to the text, unless the line ends with them.
      this.at++;
      this.skip(/[ \t]*(?:\n|$)/y);
      if (this.at >= this.source.length) return "";
    }
    if (this.at >= this.source.length) this.refuse("expected \\ after `a', `c' or `i'");
    const raw = this.skip(/(?:[^\\\n]|\\[\s\S]|\\$)*/y);
    if (this.source[this.at] === "\n") this.at++;
    return `${unescapeText(raw)}\n`;
  }

  private address(): Address | undefined {
    const digits = this.skip(/\d+/y);
    if (digits !== "") {
      if (this.skip(/[ \t]*~[ \t]*/y) === "") return { type: "line", line: Number(digits) };
      return { type: "step", first: Number(digits), step: Number(this.skip(/\d*/y) || 0) };
    }
    const character = this.source[this.at];
    if (character === "$") {
      this.at++;
      return { type: "last" };
    }
    if (character !== "/" && character !== "\\") return undefined;
    const delimiter = character === "/" ? "/" : (this.source[this.at + 1] ?? "");
    this.at += character === "/" ? 1 : 2;
    const part = delimited(this.source, this.at, delimiter, true);
    if (!part) this.refuse("unterminated address regex", this.source.length);
    this.at = part.next;
    return { type: "pattern", pattern: this.pattern(part.text, this.skip(/[IM]*/y)) };
  }

  private rangeEnd(): RangeEnd | undefined {
    const sign = this.source[this.at];
    if (sign !== "+" && sign !== "~") return this.address();
    this.at++;
    const digits = this.skip(/\d+/y);
    if (digits === "") this.refuse("expected newer version of sed");
    return sign === "+" ? { type: "more", count: Number(digits) } : { type: "multiple", of: Number(digits) };
  }

  private pattern(source: string, flags: string): Pattern | undefined {
    if (source === "") return undefined;
    try {
      return compileRegex(source, {
        extended: this.options.extended,
        escapes: "sed",
        ignoreCase: /i/i.test(flags),
        multiline: /m/i.test(flags),
      });
    } catch (error) {
      if (error instanceof RegexError) this.refuse(error.message);
      throw error;
    }
  }

  private substitution(): Substitution {
    const delimiter = this.source[this.at++] ?? "";
    if (delimiter === "\n" || delimiter === "\\") this.refuse("unterminated `s' command");
    const regex = delimited(this.source, this.at, delimiter, true);
    const replacement = regex && delimited(this.source, regex.next, delimiter, false);
    if (!regex || !replacement) this.refuse("unterminated `s' command", this.source.length);
    this.at = replacement.next;
    const flags = this.flags();
    const pieces = parseReplacement(replacement.text);
    const pattern = this.pattern(regex.text, flags.letters);
    const highest = Math.max(0, ...pieces.map((piece) => (piece.type === "group" ? piece.index : 0)));
    if (pattern && highest > pattern.groups) this.refuse(`invalid reference \\${highest} on \`s' command's RHS`);
    return { ...flags, pattern, pieces };
  }

  private flags(): Omit<Substitution, "pattern" | "pieces"> & { letters: string } {
    let letters = "";
    let from = 1;
    for (;;) {
      const letter = this.source[this.at];
      if (letter === undefined || !/[gpiImMe0-9w]/.test(letter)) break;
      if (letter === "e") throw new Fail("the e flag of s is not simulated");
      if (letter === "w") {
        this.at++;
        this.skip(/[ \t]*/y);
        const file = this.skip(/[^\n]*/y);
        if (file === "") this.refuse("missing filename in r/R/w/W commands");
        return { letters, every: letters.includes("g"), from, print: letters.includes("p"), file };
      }
      if (/\d/.test(letter)) {
        from = Number(this.skip(/\d+/y));
        if (from === 0) this.refuse("number option to `s' command may not be zero");
        continue;
      }
      this.at++;
      if ((letter === "g" || letter === "p") && letters.includes(letter))
        this.refuse(`multiple \`${letter}' options to \`s' command`);
      letters += letter;
    }
    const next = this.source[this.at];
    if (next !== undefined && !/[\s;}#]/.test(next)) {
      this.at++;
      this.refuse("unknown option to `s'");
    }
    return { letters, every: letters.includes("g"), from, print: letters.includes("p"), file: undefined };
  }

  private transliteration(): ReadonlyMap<string, string> {
    const delimiter = this.source[this.at++] ?? "";
    const from = delimited(this.source, this.at, delimiter, false);
    const to = from && delimited(this.source, from.next, delimiter, false);
    if (!from || !to) this.refuse("unterminated `y' command", this.source.length);
    this.at = to.next;
    const clean = (text: string) => [
      ...text.replace(
        /\\([\s\S])/g,
        (whole, c: string) => ({ n: "\n", t: "\t", "\\": "\\", [delimiter]: delimiter })[c] ?? whole,
      ),
    ];
    const [a, b] = [clean(from.text), clean(to.text)];
    if (a.length !== b.length) this.refuse("strings for `y' command are different lengths");
    return new Map(a.map((character, index) => [character, b[index] ?? ""]));
  }
}
