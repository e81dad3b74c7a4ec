import type { Task } from "../../../machine/define.ts";
import { type Call, Fail } from "../define.ts";
import type { Input } from "../shared/input.ts";

interface Word {
  readonly text: string;
  /** The last one of its line, for -L. */
  readonly endsLine: boolean;
}

/** Takes xargs' input apart: blanks part words, quotes and backslashes keep them together, unless -0 or -d is given. */
export class Words {
  private readonly input: Input;
  private readonly plain: boolean;
  private readonly end: string | undefined;
  private waiting: Word[] = [];
  private ended = false;

  constructor(call: Call, input: Input) {
    this.input = input;
    this.plain = call.has("0") || call.has("d");
    this.end = call.value("E") ?? call.value("e");
  }

  *next(): Task<Word | undefined> {
    while (this.waiting.length === 0) {
      if (this.ended) return undefined;
      const line = yield* this.input.line();
      if (line === undefined) return undefined;
      if (this.plain) return { text: line, endsLine: true };
      yield* this.split(line);
    }
    const word = this.waiting.shift();
    if (word?.text === this.end && this.end !== undefined) {
      this.ended = true;
      this.waiting = [];
      return undefined;
    }
    return word;
  }

  /** A whole line for -I: without leading blanks, quotes resolved; empty lines are passed over. */
  *line(): Task<string | undefined> {
    for (;;) {
      const line = yield* this.input.line();
      if (line === undefined || this.plain) return line;
      const text = resolveLine(line.replace(/^[ \t]+/, ""));
      if (text !== "") return text;
    }
  }

  private *split(first: string): Task {
    let line = first;
    // A backslash before the newline takes the newline into the word.
    while (/(^|[^\\])(\\\\)*\\$/.test(line)) {
      const more = yield* this.input.line();
      if (more === undefined) break;
      line += `\n${more}`;
    }
    const words = [...splitWords(line)];
    const continued = /[ \t]$/.test(line);
    this.waiting = words.map((text, index) => ({ text, endsLine: index === words.length - 1 && !continued }));
  }
}

function* splitWords(line: string): Generator<string> {
  let word = "";
  let inWord = false;
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    if (character === " " || character === "\t") {
      if (inWord) yield word;
      word = "";
      inWord = false;
      continue;
    }
    inWord = true;
    if (character === "\\") word += line[++at] ?? "";
    else if (character === "'" || character === '"') {
      const close = line.indexOf(character, at + 1);
      if (close < 0) throw unmatched(character);
      word += line.slice(at + 1, close);
      at = close;
    } else word += character;
  }
  if (inWord) yield word;
}

function resolveLine(line: string): string {
  let text = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    if (character === "\\") text += line[++at] ?? "";
    else if (character === "'" || character === '"') {
      const close = line.indexOf(character, at + 1);
      if (close < 0) throw unmatched(character);
      text += line.slice(at + 1, close);
      at = close;
    } else text += character;
  }
  return text;
}

function unmatched(sign: string): Fail {
  const kind = sign === "'" ? "single" : "double";
  return new Fail(`unmatched ${kind} quote; by default quotes are special to xargs unless you use the -0 option`);
}
