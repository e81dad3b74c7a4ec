import { ansiC } from "./ansi-c.ts";
import type { Part, Quoting, Word } from "./ast.ts";
import { parameter } from "./parameter.ts";
import {
  endOfAnsiQuotes,
  endOfArithmetic,
  endOfBackquotes,
  endOfBrackets,
  endOfCommand,
  endOfDoubleQuotes,
} from "./scan.ts";

/** The parts of a word, worked out once. */
export function partsOf(word: Word): readonly Part[] {
  word.parts ??= parse(word.text, word.quoting ?? "word");
  return word.parts;
}

const special = /[\\'"$`<>]/;

function parse(text: string, quoting: Quoting): readonly Part[] {
  if (quoting === "word" ? !special.test(text) : !/[\\"$`]/.test(text))
    return text === "" ? [] : [{ type: quoting === "word" ? "text" : "quoted", text }];
  const reader = new WordReader(text, quoting);
  return reader.read();
}

class WordReader {
  private readonly s: string;
  private readonly quoting: Quoting;
  private readonly parts: Part[] = [];
  private at = 0;
  private plain = "";

  constructor(s: string, quoting: Quoting) {
    this.s = s;
    this.quoting = quoting;
  }

  read(): readonly Part[] {
    while (this.at < this.s.length) {
      const c = this.s[this.at] as string;
      if (c === "\\") this.backslash();
      else if (c === "$") this.dollar();
      else if (c === "`") this.backquotes();
      else if (c === '"' && this.quoting !== "here-document") this.doubleQuotes(this.at + 1);
      else if (this.quoting === "word" && c === "'") this.singleQuotes();
      else if (this.quoting === "word" && (c === "<" || c === ">") && this.s[this.at + 1] === "(") this.process(c);
      else {
        this.plain += c;
        this.at++;
      }
    }
    this.flush();
    return this.parts;
  }

  private flush(): void {
    if (this.plain === "") return;
    this.parts.push({ type: this.quoting === "word" ? "text" : "quoted", text: this.plain });
    this.plain = "";
  }

  private push(part: Part, next: number): void {
    this.flush();
    this.parts.push(part);
    this.at = next;
  }

  private backslash(): void {
    const next = this.s[this.at + 1];
    if (next === "\n") this.at += 2;
    else if (this.quoting === "word") {
      const code = this.s.codePointAt(this.at + 1);
      if (code === undefined) {
        this.plain += "\\";
        this.at++;
      } else {
        const text = String.fromCodePoint(code);
        this.push({ type: "quoted", text }, this.at + 1 + text.length);
      }
    } else {
      const escapes = this.quoting === "double" ? '$`"\\' : "$`\\";
      const escaped = next !== undefined && escapes.includes(next);
      this.plain += escaped ? next : "\\";
      this.at += escaped ? 2 : 1;
    }
  }

  private singleQuotes(): void {
    const end = this.s.indexOf("'", this.at + 1);
    const stop = end < 0 ? this.s.length : end;
    this.push({ type: "quoted", text: this.s.slice(this.at + 1, stop) }, stop + 1);
  }

  private doubleQuotes(from: number): void {
    const end = endOfDoubleQuotes(this.s, from);
    const stop = end < 0 ? this.s.length : end;
    this.push({ type: "double", parts: parse(this.s.slice(from, stop), "double") }, stop + 1);
  }

  private backquotes(): void {
    const end = endOfBackquotes(this.s, this.at + 1);
    const stop = end < 0 ? this.s.length : end;
    const escapes = this.quoting === "double" ? /\\([$`"\\])/g : /\\([$`\\])/g;
    this.push({ type: "command", body: this.s.slice(this.at + 1, stop).replace(escapes, "$1") }, stop + 1);
  }

  private process(direction: "<" | ">"): void {
    const end = endOfCommand(this.s, this.at + 2);
    const stop = end < 0 ? this.s.length : end;
    this.push({ type: "process", direction, body: this.s.slice(this.at + 2, stop) }, stop + 1);
  }

  private dollar(): void {
    const next = this.s[this.at + 1];
    if (next === "(") this.parenthesis();
    else if (next === "[") {
      const end = endOfBrackets(this.s, this.at + 2);
      const stop = end < 0 ? this.s.length : end;
      this.push(
        { type: "arithmetic", expression: { text: this.s.slice(this.at + 2, stop), quoting: "double" } },
        stop + 1,
      );
    } else if (next === "'" && this.quoting === "word") {
      const end = endOfAnsiQuotes(this.s, this.at + 2);
      const stop = end < 0 ? this.s.length : end;
      this.push({ type: "quoted", text: ansiC(this.s.slice(this.at + 2, stop)) }, stop + 1);
    } else if (next === '"' && this.quoting === "word") this.doubleQuotes(this.at + 2);
    else {
      const read = parameter(this.s, this.at, this.quoting);
      if (read) this.push(read.part, read.end);
      else {
        this.plain += "$";
        this.at++;
      }
    }
  }

  private parenthesis(): void {
    if (this.s[this.at + 2] === "(") {
      const end = endOfArithmetic(this.s, this.at + 3);
      if (end >= 0) {
        this.push(
          { type: "arithmetic", expression: { text: this.s.slice(this.at + 3, end), quoting: "double" } },
          end + 2,
        );
        return;
      }
    }
    const end = endOfCommand(this.s, this.at + 2);
    const stop = end < 0 ? this.s.length : end;
    this.push({ type: "command", body: this.s.slice(this.at + 2, stop) }, stop + 1);
  }
}
