import { Fail, tool } from "./define.ts";
import { compileRegex } from "./regex/compile.ts";
import { RegexError } from "./regex/define.ts";
import { compareBytes } from "./shared/byte-order.ts";
import { quote } from "./shared/quote.ts";

/** expr: arithmetic, comparison and matching; status 1 where the result is empty or 0. */
export const expr = tool({
  name: "expr",
  usage: "EXPRESSION",
  trouble: 2,
  *run(call) {
    const words = call.operands[0] === "--" ? call.operands.slice(1) : call.operands;
    if (words.length === 0) throw call.misuse("missing operand");
    const result = new Evaluation(words).whole();
    call.out.put(`${result}\n`);
    return result === "" || /^-?0+$/.test(result) ? 1 : 0;
  },
});

const levels: readonly (readonly string[])[] = [
  ["|"],
  ["&"],
  ["<", "<=", "=", "==", "!=", ">=", ">"],
  ["+", "-"],
  ["*", "/", "%"],
  [":"],
];

class Evaluation {
  private at = 0;
  private readonly words: readonly string[];

  constructor(words: readonly string[]) {
    this.words = words;
  }

  whole(): string {
    const result = this.level(0, true);
    const extra = this.words[this.at];
    if (extra !== undefined)
      throw new Fail(
        extra === ")" ? "syntax error: unexpected ‘)’" : `syntax error: unexpected argument ${quote(extra)}`,
      );
    return result;
  }

  /** `live`: whether the value counts; the right side of | and & is parsed without being computed where it does not. */
  private level(index: number, live: boolean): string {
    const operators = levels[index];
    if (!operators) return this.operand(live);
    let left = this.level(index + 1, live);
    for (;;) {
      const operator = this.words[this.at];
      if (operator === undefined || !operators.includes(operator)) return left;
      this.at++;
      const short = (operator === "|" && !isNull(left)) || (operator === "&" && isNull(left));
      const right = this.level(index + 1, live && !short);
      if (live) left = apply(operator, left, right);
    }
  }

  private operand(live: boolean): string {
    const word = this.words[this.at++];
    if (word === undefined)
      throw new Fail(
        this.at > 1
          ? `syntax error: missing argument after ${quote(this.words[this.at - 2] ?? "")}`
          : "missing operand",
      );
    if (word === "(") {
      const inner = this.level(0, live);
      const closing = this.words[this.at++];
      if (closing === undefined)
        throw new Fail(`syntax error: expecting ‘)’ after ${quote(this.words[this.at - 2] ?? "")}`);
      if (closing !== ")") throw new Fail(`syntax error: expecting ‘)’ instead of ${quote(closing)}`);
      return inner;
    }
    if (word === ")") throw new Fail("syntax error: unexpected ‘)’");
    if (word === "+" && this.at < this.words.length) return this.words[this.at++] ?? "";
    const count = { length: 1, match: 2, index: 2, substr: 3 }[word];
    if (count === undefined || this.at + count > this.words.length) {
      if (count !== undefined && this.at < this.words.length)
        throw new Fail(`syntax error: missing argument after ${quote(this.words.at(-1) ?? "")}`);
      return word;
    }
    const args = Array.from({ length: count }, () => this.level(6, live));
    return live ? callFunction(word, args) : "";
  }
}

function isNull(text: string): boolean {
  return text === "" || /^-?0+$/.test(text);
}

function integer(text: string): bigint {
  if (!/^-?\d+$/.test(text)) throw new Fail("non-integer argument");
  return BigInt(text);
}

function apply(operator: string, left: string, right: string): string {
  if (operator === "|") return isNull(left) ? (isNull(right) ? "0" : right) : left;
  if (operator === "&") return isNull(left) || isNull(right) ? "0" : left;
  if (operator === ":") return matched(left, right);
  if (levels[2]?.includes(operator)) return compare(operator, left, right) ? "1" : "0";
  const [a, b] = [integer(left), integer(right)];
  if (operator === "+") return String(a + b);
  if (operator === "-") return String(a - b);
  if (operator === "*") return String(a * b);
  if (b === 0n) throw new Fail("division by zero");
  return String(operator === "/" ? a / b : a % b);
}

function compare(operator: string, left: string, right: string): boolean {
  const numbers = /^-?\d+$/.test(left) && /^-?\d+$/.test(right);
  const order = numbers
    ? BigInt(left) < BigInt(right)
      ? -1
      : BigInt(left) > BigInt(right)
        ? 1
        : 0
    : compareBytes(left, right);
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  if (operator === ">") return order > 0;
  if (operator === ">=") return order >= 0;
  return operator === "!=" ? order !== 0 : order === 0;
}

/** The first group of the match at the start, or the length of the match. */
function matched(text: string, source: string): string {
  try {
    const pattern = compileRegex(source.startsWith("^") ? source : `^${source}`, { extended: false });
    const spans = pattern.exec(text);
    if (pattern.groups > 0) return spans && (spans[2] ?? -1) >= 0 ? text.slice(spans[2], spans[3]) : "";
    return spans ? String([...text.slice(0, spans[1])].length) : "0";
  } catch (error) {
    if (error instanceof RegexError) throw new Fail(error.message);
    throw error;
  }
}

function callFunction(name: string, [first = "", second = "", third = ""]: readonly string[]): string {
  if (name === "length") return String([...first].length);
  if (name === "match") return matched(first, second);
  if (name === "index") return String([...first].findIndex((character) => second.includes(character)) + 1);
  if (!/^\d+$/.test(second) || !/^\d+$/.test(third) || Number(second) === 0) return "";
  return [...first].slice(Number(second) - 1, Number(second) - 1 + Number(third)).join("");
}
