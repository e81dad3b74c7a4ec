import type { Task } from "../../../machine/define.ts";
import type { Builtin } from "../define.ts";
import { binaryOperators, compareFiles, compareNumbers, unaryOperators, unaryTest } from "../file-test.ts";
import type { Shell } from "../shell.ts";

export const test: Builtin = {
  name: "test",
  usage: "[expr]",
  help: "Evaluate conditional expression.",
  run: (shell, args) => run(shell, "test", args),
};

export const bracket: Builtin = {
  name: "[",
  usage: "arg... ]",
  help: "Evaluate conditional expression.",
  *run(shell, args) {
    if (args.at(-1) !== "]") {
      yield* shell.complain("[: missing `]'");
      return 2;
    }
    return yield* run(shell, "[", args.slice(0, -1));
  },
};

class Wrong extends Error {}

function* run(shell: Shell, name: string, args: readonly string[]): Task<number> {
  try {
    return new Expression(shell, args).holds() ? 0 : 1;
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    yield* shell.complain(`${name}: ${error.message}`);
    return 2;
  }
}

/** POSIX decides by the number of arguments; with more than four they are read as an expression. */
class Expression {
  private readonly shell: Shell;
  private readonly args: readonly string[];
  private at = 0;

  constructor(shell: Shell, args: readonly string[]) {
    this.shell = shell;
    this.args = args;
  }

  holds(): boolean {
    return this.byCount(this.args);
  }

  private byCount(args: readonly string[]): boolean {
    const [a = "", b = "", c = "", d = ""] = args;
    switch (args.length) {
      case 0:
        return false;
      case 1:
        return a !== "";
      case 2:
        if (a === "!") return b === "";
        if (unaryOperators.has(a)) return this.unary(a, b);
        throw new Wrong(`${a}: unary operator expected`);
      case 3:
        return this.three(a, b, c);
      case 4:
        if (a === "!") return !this.three(b, c, d);
        if (a === "(" && d === ")") return this.byCount([b, c]);
    }
    return this.whole(args);
  }

  private three(a: string, b: string, c: string): boolean {
    if (binaryOperators.has(b)) return this.binary(a, b, c);
    if (b === "-a") return a !== "" && c !== "";
    if (b === "-o") return a !== "" || c !== "";
    if (a === "!") return !this.byCount([b, c]);
    if (a === "(" && c === ")") return b !== "";
    throw new Wrong(`${b}: binary operator expected`);
  }

  private whole(args: readonly string[]): boolean {
    this.at = 0;
    const value = this.or();
    if (this.at < args.length) throw new Wrong("too many arguments");
    return value;
  }

  private or(): boolean {
    let value = this.and();
    while (this.args[this.at] === "-o") {
      this.at++;
      const right = this.and();
      value = value || right;
    }
    return value;
  }

  private and(): boolean {
    let value = this.term();
    while (this.args[this.at] === "-a") {
      this.at++;
      const right = this.term();
      value = value && right;
    }
    return value;
  }

  private term(): boolean {
    const [a, b, c] = [this.args[this.at], this.args[this.at + 1], this.args[this.at + 2]];
    if (a === undefined) throw new Wrong("argument expected");
    if (a === "!") {
      this.at++;
      return !this.term();
    }
    if (b !== undefined && c !== undefined && binaryOperators.has(b)) {
      this.at += 3;
      return this.binary(a, b, c);
    }
    if (a === "(") {
      this.at++;
      const value = this.or();
      if (this.args[this.at] !== ")") throw new Wrong("`)' expected");
      this.at++;
      return value;
    }
    if (unaryOperators.has(a) && b !== undefined && b !== "-a" && b !== "-o" && b !== ")") {
      this.at += 2;
      return this.unary(a, b);
    }
    this.at++;
    return a !== "";
  }

  private unary(operator: string, operand: string): boolean {
    if (operator === "-t" && !/^\d+$/.test(operand)) throw new Wrong(`${operand}: integer expression expected`);
    return unaryTest(this.shell, operator, operand);
  }

  private binary(left: string, operator: string, right: string): boolean {
    if (operator === "=" || operator === "==") return left === right;
    if (operator === "!=") return left !== right;
    if (operator === "<") return left < right;
    if (operator === ">") return left > right;
    if (operator === "-nt" || operator === "-ot" || operator === "-ef")
      return compareFiles(this.shell, operator, left, right);
    return compareNumbers(operator, whole(left), whole(right));
  }
}

function whole(text: string): bigint {
  if (!/^\s*[-+]?\d+\s*$/.test(text)) throw new Wrong(`${text}: integer expression expected`);
  return BigInt(text.trim().replace(/^\+/, ""));
}
