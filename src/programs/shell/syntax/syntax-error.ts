import type { SyntaxProblem } from "./ast.ts";
import type { Source } from "./source.ts";

interface Stop {
  pos: number;
  line: number;
  atEnd: boolean;
  problem: SyntaxProblem;
}

const closers: readonly (readonly [start: string, closer: string])[] = [
  ["unterminated double quote", '"'],
  ["unterminated locale", '"'],
  ["unterminated single quote", "'"],
  ["unterminated ANSI", "'"],
  ["unterminated backtick", "`"],
  ["unterminated command substitution", ")"],
  ["unterminated process substitution", ")"],
  ["unterminated parameter", "}"],
  ["unterminated arith", ")"],
];

/** What bash says of the first error that the grammar found, and where reading stops. */
export function stopOf(source: Source, error: { message: string; pos: number } | undefined): Stop | undefined {
  if (!error) return undefined;
  const { message } = error;
  // Of an empty group the parser names the opening, bash what stands in the command's place.
  const pos = message.startsWith("expected command in") ? error.pos + 1 : error.pos;
  if (message.endsWith("not simulated"))
    return stop(source, error.pos, source.line(error.pos), false, { message, line: source.line(error.pos) });
  const closer = closerOf(source, message, pos);
  if (closer !== undefined) {
    const substitution = message.includes("substitution") && closer === ")";
    const line = substitution ? source.lastLine : source.line(pos);
    return stop(source, pos, source.line(pos), true, {
      message: `unexpected EOF while looking for matching \`${closer}'`,
      line,
    });
  }
  const at = skipBlanks(source.text, pos, /redirect target|in \[\[|conditional/.test(message));
  if (at >= source.text.length && !message.includes("redirect target")) {
    if (message.includes("']]'")) return stop(source, pos, source.line(pos), true, conditionalEnd(source));
    return stop(source, pos, source.line(pos), true, {
      message: "syntax error: unexpected end of file",
      line: source.lastLine,
    });
  }
  const token = tokenAt(source.text, at);
  const line = source.line(at);
  const said = `syntax error near unexpected token \`${token}'`;
  return stop(source, Math.min(pos, at), line, false, { message: said, line, shown: source.lineText(at) });
}

function stop(
  source: Source,
  pos: number,
  line: number,
  atEnd: boolean,
  said: { message: string; line: number; shown?: string },
): Stop {
  const problem = { message: said.message, shown: said.shown, line: said.line, incomplete: atEnd };
  return { pos, line: Math.min(line, source.line(pos)), atEnd, problem };
}

function conditionalEnd(source: Source): { message: string; line: number } {
  return { message: "syntax error: unexpected end of file", line: source.lastLine };
}

function closerOf(source: Source, message: string, pos: number): string | undefined {
  for (const [start, closer] of closers) if (message.startsWith(start)) return closer;
  if (message.startsWith("unterminated") || message.includes("to close array"))
    return source.text[pos] === "[" ? "]" : ")";
  return undefined;
}

/** Past blanks and comments, and past newlines unless one is what is wrong. */
function skipBlanks(text: string, pos: number, stopAtNewline: boolean): number {
  let at = pos;
  for (;;) {
    if (text.startsWith("\\\n", at)) at += 2;
    else if (text[at] === " " || text[at] === "\t" || (text[at] === "\n" && !stopAtNewline)) at++;
    else if (text[at] === "#" && (at === 0 || /\s/.test(text[at - 1] as string))) {
      const end = text.indexOf("\n", at);
      at = end < 0 ? text.length : end;
    } else return at;
  }
}

const operators = [
  "<<<",
  "<<-",
  ";;&",
  "&>>",
  "&&",
  "||",
  ";;",
  ";&",
  "|&",
  "<<",
  ">>",
  "<&",
  ">&",
  "<>",
  ">|",
  "&>",
  "<(",
  ">(",
];

function tokenAt(text: string, at: number): string {
  if (at >= text.length || text[at] === "\n") return "newline";
  for (const operator of operators)
    if (text.startsWith(operator, at)) return operator.endsWith("(") ? (operator[0] as string) : operator;
  if (";&|()<>".includes(text[at] as string)) return text[at] as string;
  return /^[^\s;&|()<>]+/.exec(text.slice(at))?.[0] ?? "newline";
}
