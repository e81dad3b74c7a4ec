import type { Stat } from "../../../machine/define-files.ts";
import { pathOf } from "../../../machine/open-path.ts";
import type { Process } from "../../../machine/process.ts";
import { compareBytes } from "./byte-order.ts";
import { quote } from "./quote.ts";

/** A wrong expression, in GNU test's words. */
export class TestError extends Error {}

const unary = new Set([..."bcdefghkLNnOprSstuwxzG"].map((letter) => `-${letter}`));
const binary = new Set(["=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"]);

/** Evaluates the words of test(1) or [ ] (without the bracket). POSIX' rules by the number of words come first. */
export function evaluateTest(proc: Process, words: readonly string[]): boolean {
  return new Evaluation(proc, words).whole();
}

class Evaluation {
  private at = 0;
  private readonly proc: Process;
  private readonly words: readonly string[];

  constructor(proc: Process, words: readonly string[]) {
    this.proc = proc;
    this.words = words;
  }

  whole(): boolean {
    const { words } = this;
    if (words.length === 0) return false;
    if (words.length <= 4) return this.posix(words);
    const result = this.or();
    const extra = words[this.at];
    if (extra !== undefined) throw new TestError(`extra argument ${quote(extra)}`);
    return result;
  }

  private posix(words: readonly string[]): boolean {
    const [a = "", b = "", c = "", d = ""] = words;
    switch (words.length) {
      case 1:
        return a !== "";
      case 2:
        if (a === "!") return b === "";
        if (unary.has(a)) return this.unary(a, b);
        throw new TestError(`missing argument after ${quote(b)}`);
      case 3:
        if (binary.has(b)) return this.binary(a, b, c);
        if (b === "-a") return a !== "" && c !== "";
        if (b === "-o") return a !== "" || c !== "";
        if (a === "!") return !this.posix([b, c]);
        if (a === "(" && c === ")") return b !== "";
        throw new TestError(`${quote(b)}: binary operator expected`);
      default:
        if (a === "!") return !this.posix([b, c, d]);
        if (a === "(" && d === ")") return this.posix([b, c]);
        return this.long();
    }
  }

  private long(): boolean {
    const result = this.or();
    const extra = this.words[this.at];
    if (extra !== undefined) throw new TestError(`extra argument ${quote(extra)}`);
    return result;
  }

  private or(): boolean {
    let left = this.and();
    while (this.words[this.at] === "-o") {
      this.at++;
      const right = this.and();
      left = left || right;
    }
    return left;
  }

  private and(): boolean {
    let left = this.term();
    while (this.words[this.at] === "-a") {
      this.at++;
      const right = this.term();
      left = left && right;
    }
    return left;
  }

  private term(): boolean {
    const word = this.words[this.at];
    if (word === undefined) throw new TestError(`missing argument after ${quote(this.words[this.at - 1] ?? "")}`);
    if (word === "!") {
      this.at++;
      return !this.term();
    }
    const operator = this.words[this.at + 1];
    if (operator !== undefined && binary.has(operator) && this.at + 2 < this.words.length) {
      this.at += 3;
      return this.binary(word, operator, this.words[this.at - 1] ?? "");
    }
    if (word === "(") {
      this.at++;
      const inner = this.or();
      if (this.words[this.at++] !== ")") throw new TestError("')' expected");
      return inner;
    }
    if (unary.has(word) && this.at + 1 < this.words.length) {
      this.at += 2;
      return this.unary(word, this.words[this.at - 1] ?? "");
    }
    this.at++;
    return word !== "";
  }

  private stat(name: string, follow = true): Stat | undefined {
    return this.proc.machine.files.find(pathOf(this.proc, name), this.proc.credentials, { follow });
  }

  private unary(operator: string, word: string): boolean {
    const kinds: Readonly<Record<string, Stat["kind"]>> = {
      "-f": "file",
      "-d": "directory",
      "-p": "fifo",
      "-S": "socket",
      "-c": "device",
    };
    const kind = kinds[operator];
    if (kind) return this.stat(word)?.kind === kind;
    const { machine, credentials } = this.proc;
    switch (operator) {
      case "-n":
        return word !== "";
      case "-z":
        return word === "";
      case "-e":
        return this.stat(word) !== undefined;
      case "-h":
      case "-L":
        return this.stat(word, false)?.kind === "link";
      case "-s":
        return (this.stat(word)?.size ?? 0) > 0;
      case "-r":
      case "-w":
      case "-x":
        return (
          this.stat(word) !== undefined && machine.files.may(pathOf(this.proc, word), operator.slice(1), credentials)
        );
      case "-t":
        return this.proc.isTerminal(integer(word));
      case "-O":
        return this.stat(word)?.uid === credentials.uid;
      case "-G":
        return this.stat(word)?.gid === credentials.gid;
      case "-u":
        return ((this.stat(word)?.mode ?? 0) & 0o4000) !== 0;
      case "-g":
        return ((this.stat(word)?.mode ?? 0) & 0o2000) !== 0;
      case "-k":
        return ((this.stat(word)?.mode ?? 0) & 0o1000) !== 0;
      default:
        return false;
    }
  }

  private binary(left: string, operator: string, right: string): boolean {
    switch (operator) {
      case "=":
      case "==":
        return left === right;
      case "!=":
        return left !== right;
      case "<":
        return compareBytes(left, right) < 0;
      case ">":
        return compareBytes(left, right) > 0;
      case "-nt":
        return (this.stat(left)?.modified ?? -1) > (this.stat(right)?.modified ?? -1);
      case "-ot":
        return (this.stat(left)?.modified ?? -1) < (this.stat(right)?.modified ?? -1);
      case "-ef":
        return this.stat(left) !== undefined && this.stat(left)?.inode === this.stat(right)?.inode;
      default:
        return compareNumbers(left, operator, right);
    }
  }
}

function integer(text: string): number {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new TestError(`invalid integer ${quote(text)}`);
  return Number(text);
}

function compareNumbers(left: string, operator: string, right: string): boolean {
  integer(left);
  integer(right);
  const [a, b] = [BigInt(left.trim().replace(/^\+/, "")), BigInt(right.trim().replace(/^\+/, ""))];
  if (operator === "-eq") return a === b;
  if (operator === "-ne") return a !== b;
  if (operator === "-lt") return a < b;
  if (operator === "-le") return a <= b;
  return operator === "-gt" ? a > b : a >= b;
}
