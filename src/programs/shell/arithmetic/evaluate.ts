import { Problem } from "../problem.ts";
import { numberOf, type Token, tokenize } from "./tokens.ts";

/** Where an expression finds its variables. */
export interface ArithmeticScope {
  read(name: string, subscript: string | undefined): string | undefined;
  write(name: string, subscript: string | undefined, value: bigint): void;
  /** Whether a variable without a value is an error (set -u). */
  readonly strict: boolean;
}

/** How deep parentheses and variables that name variables may nest: bash allows 1024, which the simulator's own stack does not. */
const DEPTH_LIMIT = 256;

/** The value of an arithmetic expression: 64 bits, wrapping, as C reckons with intmax_t. */
export function evaluate(text: string, scope: ArithmeticScope, depth = 0): bigint {
  const plain = /^\s*(-?)(0|[1-9]\d{0,14})\s*$/.exec(text);
  if (plain) return BigInt(plain[1] === "-" ? -Number(plain[2]) : Number(plain[2]));
  if (depth > DEPTH_LIMIT) throw new Problem(`${text}: expression recursion level exceeded (error token is "${text}")`);
  return new Evaluation(text, scope, depth).run();
}

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const truth = (value: boolean): bigint => (value ? 1n : 0n);

/** How tightly binary operators bind. */
const strength: ReadonlyMap<string, number> = new Map(
  [
    ["||"],
    ["&&"],
    ["|"],
    ["^"],
    ["&"],
    ["==", "!="],
    ["<", ">", "<=", ">="],
    ["<<", ">>"],
    ["+", "-"],
    ["*", "/", "%"],
  ].flatMap((operators, i) => operators.map((operator): [string, number] => [operator, i + 1])),
);

const simple: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "&": (a, b) => a & b,
  "==": (a, b) => truth(a === b),
  "!=": (a, b) => truth(a !== b),
  "<": (a, b) => truth(a < b),
  ">": (a, b) => truth(a > b),
  "<=": (a, b) => truth(a <= b),
  ">=": (a, b) => truth(a >= b),
  "<<": (a, b) => wrap(a << (b & 63n)),
  ">>": (a, b) => a >> (b & 63n),
  "+": (a, b) => wrap(a + b),
  "-": (a, b) => wrap(a - b),
  "*": (a, b) => wrap(a * b),
};

class Evaluation {
  private readonly text: string;
  private readonly scope: ArithmeticScope;
  private readonly depth: number;
  private readonly tokens: readonly Token[];
  private at = 0;
  private nesting = 0;
  /** Above zero in a branch that is not taken: nothing is assigned, nothing divided. */
  private idle = 0;

  constructor(text: string, scope: ArithmeticScope, depth: number) {
    this.text = text;
    this.scope = scope;
    this.depth = depth;
    this.tokens = tokenize(text);
  }

  run(): bigint {
    if (this.peek().type === "end") return 0n;
    const value = this.comma();
    if (this.peek().type !== "end") {
      const operand = this.peek().type === "operator" && !["(", ")", ":"].includes(this.peek().text);
      this.fail(operand ? "syntax error: operand expected" : "syntax error in expression");
    }
    return value;
  }

  private peek(): Token {
    return this.tokens[this.at] as Token;
  }

  private isOperator(...texts: readonly string[]): boolean {
    const token = this.peek();
    return token.type === "operator" && texts.includes(token.text);
  }

  private take(text: string): boolean {
    if (!this.isOperator(text)) return false;
    this.at++;
    return true;
  }

  /** Bash names the expression without leading blanks, and everything from the wrong token on. */
  private fail(why: string, from = this.peek().at): never {
    const rest = this.text.slice(from);
    throw new Problem(
      `${this.text.trimStart()}: ${why} (error token is "${rest === "" ? this.text.slice(this.tokens[this.at - 1]?.at ?? 0) : rest}")`,
    );
  }

  private comma(): bigint {
    let value = this.assignment();
    while (this.take(",")) value = this.assignment();
    return value;
  }

  private assignment(): bigint {
    const token = this.peek();
    const next = this.tokens[this.at + 1];
    if (token.type !== "name" || next?.type !== "operator" || !/^(?:[-+*/%&^|]|<<|>>)?=$/.test(next.text)) {
      const value = this.conditional();
      if (this.peek().type === "operator" && /^(?:[-+*/%&^|]|<<|>>)?=$/.test(this.peek().text))
        this.fail("attempted assignment to non-variable");
      return value;
    }
    this.at += 2;
    const operator = next.text.slice(0, -1);
    const right = this.assignment();
    const value = operator === "" ? right : this.apply(operator, this.valueOf(token), right);
    return this.store(token, value);
  }

  private store(token: Token, value: bigint): bigint {
    if (this.idle === 0) this.scope.write(nameIn(token), token.subscript, value);
    return value;
  }

  private conditional(): bigint {
    const test = this.binary(1);
    if (!this.take("?")) return test;
    const yes = this.branch(test !== 0n, () => this.comma());
    if (!this.take(":")) this.fail("`:' expected for conditional expression");
    const no = this.branch(test === 0n, () => this.assignment());
    return test !== 0n ? yes : no;
  }

  private branch(taken: boolean, run: () => bigint): bigint {
    if (!taken) this.idle++;
    try {
      return run();
    } finally {
      if (!taken) this.idle--;
    }
  }

  private binary(weakest: number): bigint {
    let left = this.power();
    for (;;) {
      const operator = this.peek().type === "operator" ? this.peek().text : "";
      const binds = strength.get(operator) ?? 0;
      if (binds === 0 || binds < weakest) return left;
      this.at++;
      if (operator === "&&" || operator === "||") {
        const decided = (left !== 0n) === (operator === "||");
        const right = this.branch(!decided, () => this.binary(binds + 1));
        left = truth(decided ? operator === "||" : right !== 0n);
      } else left = this.apply(operator, left, this.binary(binds + 1));
    }
  }

  private apply(operator: string, left: bigint, right: bigint): bigint {
    const run = simple[operator];
    if (run) return run(left, right);
    if (right === 0n) {
      if (this.idle > 0) return 0n;
      this.fail("division by 0", this.tokens[this.at - 1]?.at);
    }
    return wrap(operator === "/" ? left / right : left % right);
  }

  /** Binds to the right, and less tightly than a sign before its base. */
  private power(): bigint {
    const base = this.unary();
    if (!this.take("**")) return base;
    const exponent = this.power();
    if (exponent < 0n && this.idle === 0) this.fail("exponent less than 0", this.tokens[this.at - 1]?.at);
    let [result, factor, left] = [1n, base, exponent];
    for (; left > 0n; left >>= 1n) {
      if (left & 1n) result = wrap(result * factor);
      factor = wrap(factor * factor);
    }
    return result;
  }

  private unary(): bigint {
    if (++this.nesting > DEPTH_LIMIT) this.fail("expression recursion level exceeded");
    try {
      if (this.take("!")) return truth(this.unary() === 0n);
      if (this.take("~")) return ~this.unary();
      if (this.take("+")) return this.unary();
      if (this.take("-")) return wrap(-this.unary());
      if (this.isOperator("++", "--")) return this.stepBefore();
      return this.stepAfter();
    } finally {
      this.nesting--;
    }
  }

  private stepBefore(): bigint {
    const by = this.peek().text === "++" ? 1n : -1n;
    const token = this.tokens[this.at + 1] as Token;
    this.at++;
    if (token.type !== "name") return this.unary();
    this.at++;
    return this.store(token, wrap(this.valueOf(token) + by));
  }

  private stepAfter(): bigint {
    const token = this.peek();
    this.at++;
    if (token.type === "number") {
      return numberOf(token.text, (why) => {
        throw new Problem(
          `${this.text.trimStart()}: ${why} (error token is "${this.text.slice(token.at).split(/[^0-9a-zA-Z_@#]/)[0]}")`,
        );
      });
    }
    if (token.type === "name") {
      const value = this.valueOf(token);
      if (this.isOperator("++", "--")) {
        const by = this.peek().text === "++" ? 1n : -1n;
        this.at++;
        this.store(token, wrap(value + by));
      }
      return value;
    }
    if (token.text === "(") {
      const value = this.comma();
      if (!this.take(")")) this.fail("missing `)'");
      return value;
    }
    this.at--;
    return this.fail("syntax error: operand expected");
  }

  private valueOf(token: Token): bigint {
    if (this.idle > 0) return 0n;
    const text = this.scope.read(nameIn(token), token.subscript);
    if (text === undefined) {
      if (this.scope.strict) throw new Problem(`${token.text}: unbound variable`, "shell");
      return 0n;
    }
    return text === "" ? 0n : evaluate(text, this.scope, this.depth + 1);
  }
}

function nameIn(token: Token): string {
  return token.subscript === undefined ? token.text : token.text.slice(0, token.text.indexOf("["));
}
