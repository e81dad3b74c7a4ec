import type { Task } from "../../../machine/define.ts";
import { expandPattern, expandSegments, expandText } from "../expand/expand.ts";
import { matchExtended } from "../expand/posix-regex.ts";
import { traceQuote } from "../expand/quote.ts";
import { arithmeticValue, compareFiles, compareNumbers, unaryTest } from "../file-test.ts";
import { Pattern } from "../pattern/match.ts";
import { Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import type { Compound, Test, Word } from "../syntax/ast.ts";
import { trace } from "./trace.ts";

/** `[[ … ]]`: 0 true, 1 false, 2 where the expression itself is wrong. */
export function* testCommand(shell: Shell, node: Compound & { type: "test" }): Task<number> {
  shell.line = node.line;
  try {
    return (yield* holds(shell, node.test)) ? 0 : 1;
  } catch (error) {
    if (error instanceof BadRegex) return 2;
    if (!(error instanceof BadNumber)) throw error;
    yield* shell.complain(`[[: ${error.message}`);
    return 1;
  }
}

class BadRegex extends Error {}
class BadNumber extends Error {}

function* holds(shell: Shell, test: Test): Task<boolean> {
  if (shell.proc.tick()) yield undefined;
  switch (test.type) {
    case "and":
      for (const part of test.parts) if (!(yield* holds(shell, part))) return false;
      return true;
    case "or":
      for (const part of test.parts) if (yield* holds(shell, part)) return true;
      return false;
    case "not":
      return (yield* holds(shell, test.test)) === (test.times % 2 === 0);
    case "unary": {
      const text = yield* expandText(shell, test.word);
      if (shell.has("xtrace")) yield* trace(shell, `[[ ${test.operator} ${traceQuote(text)} ]]`);
      return unaryTest(shell, test.operator, text);
    }
    case "binary":
      return yield* binary(shell, test.operator, test.left, test.right);
  }
}

function* binary(shell: Shell, operator: string, leftWord: Word, rightWord: Word): Task<boolean> {
  const left = yield* expandText(shell, leftWord);
  if (operator === "=~") return yield* matchesRegex(shell, left, rightWord);
  if (operator === "=" || operator === "==" || operator === "!=") {
    const source = yield* expandPattern(shell, rightWord);
    if (shell.has("xtrace"))
      yield* trace(shell, `[[ ${traceQuote(left)} ${operator} ${source === "" ? "''" : source} ]]`);
    const pattern = new Pattern(source, { extended: true, ignoreCase: shell.shopts.has("nocasematch") });
    return pattern.matches(left) === (operator !== "!=");
  }
  const right = yield* expandText(shell, rightWord);
  if (shell.has("xtrace")) yield* trace(shell, `[[ ${traceQuote(left)} ${operator} ${traceQuote(right)} ]]`);
  if (operator === "<") return left < right;
  if (operator === ">") return left > right;
  if (operator === "-nt" || operator === "-ot" || operator === "-ef") return compareFiles(shell, operator, left, right);
  return compareNumbers(operator, numberOf(shell, left), numberOf(shell, right));
}

function numberOf(shell: Shell, text: string): bigint {
  try {
    return arithmeticValue(shell, text);
  } catch (error) {
    if (error instanceof Problem && error.scope === "line") throw new BadNumber(error.message);
    throw error;
  }
}

/** What is quoted in the expression stands for itself. The match and its groups go to BASH_REMATCH. */
function* matchesRegex(shell: Shell, text: string, word: Word): Task<boolean> {
  const segments = yield* expandSegments(shell, word);
  const pattern = segments.map(({ text: piece, quoted }) => (quoted ? literal(piece) : piece)).join("");
  if (shell.has("xtrace")) yield* trace(shell, `[[ ${traceQuote(text)} =~ ${pattern} ]]`);
  const found = matchExtended(pattern, text, shell.shopts.has("nocasematch"));
  if (found === undefined) throw new BadRegex();
  shell.vars.setArrayQuietly("BASH_REMATCH", found === null ? [] : found.map((group) => group ?? ""));
  return found !== null;
}

function literal(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}]/g, "\\$&");
}
