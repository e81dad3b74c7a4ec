import {
  forEachChild,
  type ParsedScript,
  type Statement as ParsedStatement,
  parse as parseBash,
  type SyntaxNode,
} from "unbash";
import type { Script, Statement } from "./ast.ts";
import { convert } from "./convert.ts";
import { Source } from "./source.ts";
import { stopOf } from "./syntax-error.ts";

/** Scripts that were read before: startup files, and whatever is run again. */
const known = new Map<string, Script>();
const KNOWN_LIMIT = 256;
const LONGEST_KNOWN = 16_384;

/** Reads shell text. What stands before a syntax error can be run; `firstLine` is the number of the text's first line. */
export function parse(text: string, firstLine = 1): Script {
  if (text.length > LONGEST_KNOWN) return read(text, firstLine);
  const key = `${firstLine} ${text}`;
  let script = known.get(key);
  if (!script) {
    script = read(text, firstLine);
    if (known.size >= KNOWN_LIMIT) known.clear();
    known.set(key, script);
  }
  return script;
}

function read(text: string, firstLine: number): Script {
  const source = new Source(text, firstLine);
  const parsed = parseBash(text);
  const statements: Statement[] = [];
  for (const statement of parsed.commands) statements.push(convert(statement, source));
  const stop = stopOf(source, firstError(parsed, source));
  if (!stop) return { source: text, statements, warnings: source.warnings };
  // Bash reads line by line: what shares a line with the error, or is cut by it, does not run.
  const kept = statements.filter((statement, i) => {
    const node = parsed.commands[i] as ParsedStatement;
    return statement.endLine < stop.line && node.end <= stop.pos && !(stop.atEnd && i === statements.length - 1);
  });
  return { source: text, statements: kept, problem: stop.problem, warnings: source.warnings };
}

function firstError(parsed: ParsedScript, source: Source): { message: string; pos: number } | undefined {
  let first: { message: string; pos: number } | undefined;
  for (const error of [...(parsed.errors ?? []), ...source.errors]) if (!first || error.pos < first.pos) first = error;
  if (!first?.message.includes("to close")) return first;
  const closer = / to close (brace group|subshell)/.test(first.message)
    ? undefined
    : closerInside(parsed, source.text, first.pos);
  return closer === undefined ? first : { message: "unexpected token", pos: closer };
}

const ends = new Map([
  ["If", "fi"],
  ["For", "done"],
  ["ArithmeticFor", "done"],
  ["While", "done"],
  ["Select", "done"],
  ["Case", "esac"],
]);

/** Where a group or subshell was closed although a command in it was not: what bash then complains of. */
function closerInside(parsed: ParsedScript, text: string, pos: number): number | undefined {
  let found: number | undefined;
  const visit = (node: SyntaxNode, group: SyntaxNode | undefined): void => {
    const end = ends.get(node.type);
    if (group && end !== undefined && !text.slice(node.pos, node.end).endsWith(end)) found = group.end - 1;
    const closed = (node.type === "BraceGroup" || node.type === "Subshell") && node.end === pos;
    forEachChild(node, (child) => visit(child, closed ? node : group));
  };
  for (const statement of parsed.commands) visit(statement, undefined);
  return found;
}

/** Whether an interactive shell would ask for another line (PS2). */
export function incomplete(text: string): boolean {
  if (endsInBackslash(text)) return true;
  const script = parse(text);
  return script.problem ? script.problem.incomplete : script.warnings.length > 0;
}

function endsInBackslash(text: string): boolean {
  const slashes = /\\+\n?$/.exec(text)?.[0].replace("\n", "").length ?? 0;
  if (slashes % 2 === 0) return false;
  // A comment or a single quote does not go on.
  const without = parse(text.replace(/\\\n?$/, ""));
  return !(without.problem?.incomplete && without.problem.message.endsWith("`''")) && !/(^|[\s;&|])#[^\n]*$/.test(text);
}
