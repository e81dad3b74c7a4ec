import type { Task } from "../../../machine/define.ts";
import type { ArrayArguments, Builtin, ExpandedElement } from "../define.ts";
import { expandText, expandWords, plainText } from "../expand/expand.ts";
import { traceQuote } from "../expand/quote.ts";
import { Abandoned, Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import type { Assignment, Node, Simple, Word } from "../syntax/ast.ts";
import type { Variable } from "../variable.ts";
import { assign, expandElements, isList } from "./assign.ts";
import { callFunction } from "./call.ts";
import { becomeExternal, runExternal } from "./external.ts";
import { redirect, SavedFds } from "./redirect.ts";
import { trace } from "./trace.ts";
import { runTrap } from "./traps.ts";

/** Builtins whose arguments may be assignments: their values are not split. */
const declaring = new Set(["declare", "typeset", "local", "export", "readonly", "alias"]);
/** Builtins that read `name=(…)`. */
const arrays = new Set(["declare", "typeset", "local", "export", "readonly"]);

interface Expanded {
  readonly argv: string[];
  readonly arrays: ReadonlyMap<number, readonly ExpandedElement[]>;
}

/** What a simple command needs of the part that runs nodes. */
export interface Running {
  node(shell: Shell, node: Node): Task<number>;
  builtin(name: string): Builtin | undefined;
}

/** Runs a command: expansions, redirections, assignments, then the function, builtin or program. */
export function* runSimple(shell: Shell, node: Simple, running: Running, tail: boolean): Task<number> {
  shell.line = node.line;
  shell.substituted = undefined;
  if (shell.trapDepth === 0) {
    shell.command = node.text;
    const debug = shell.traps.get("DEBUG");
    if (debug) yield* runTrap(shell, debug);
  }
  const open = shell.openSubstitutions.length;
  const saved = new SavedFds(shell);
  let undo: (() => void) | undefined;
  try {
    const { argv, arrays } = plainCommand(node) ?? (yield* expandCommand(shell, node));
    if (argv.length === 0) return yield* assignOnly(shell, node, saved);
    if (node.assignments.length > 0) undo = yield* assignForNow(shell, node.assignments);
    if (shell.has("xtrace")) yield* trace(shell, argv.map(traceQuote).join(" "));
    if (node.redirects.length > 0 && !(yield* redirect(shell, node.redirects, saved))) return 1;
    const status = yield* runArgv(shell, argv, arrays, node, running, tail);
    shell.lastArgument = argv.at(-1) ?? "";
    if (argv[0] === "exec" && shell.execKeeps) saved.forget();
    return status;
  } finally {
    undo?.();
    saved.restore();
    shell.execKeeps = false;
    if (shell.openSubstitutions.length > open) closeSubstitutions(shell, open);
  }
}

/** Closes the ends of process substitutions that were opened since there were `open` of them. */
export function closeSubstitutions(shell: Shell, open: number): void {
  for (const fd of shell.openSubstitutions.splice(open)) shell.proc.close(fd);
}

const noElements: Expanded["arrays"] = new Map();

/** A command of which nothing has to be expanded; undefined for others. */
function plainCommand({ words }: Simple): Expanded | undefined {
  const argv: string[] = [];
  for (const word of words) {
    const text = "value" in word ? undefined : plainText(word);
    if (text === undefined) return undefined;
    argv.push(text);
  }
  return { argv, arrays: noElements };
}

function* expandCommand(shell: Shell, node: Simple): Task<Expanded> {
  const elements = new Map<number, readonly ExpandedElement[]>();
  const argv: string[] = [];
  for (const word of node.words) {
    if (!("value" in word)) argv.push(...(yield* expandWords(shell, [word])));
    else if (!declaring.has(argv[0] ?? "")) argv.push(...(yield* expandWords(shell, [textOf(word)])));
    else yield* expandDeclaration(shell, word, argv, elements);
  }
  return { argv, arrays: elements };
}

function textOf(one: Assignment): Word {
  return { text: one.head + (isList(one.value) ? "" : one.value.text) };
}

/** `declare x=$y` and `declare x=(…)`: the value is one text, or the elements of an array. */
function* expandDeclaration(
  shell: Shell,
  one: Assignment,
  argv: string[],
  elements: Map<number, readonly ExpandedElement[]>,
): Task {
  if (isList(one.value) && arrays.has(argv[0] ?? "")) {
    const associative = argv.some((arg) => /^-[a-zA-Z]*A/.test(arg)) || shell.vars.find(one.name)?.assoc !== undefined;
    elements.set(argv.length - 1, yield* expandElements(shell, one.value, associative));
    argv.push(one.head);
  } else if (!isList(one.value)) {
    const head = /[$`\\'"]/.test(one.head)
      ? `${yield* expandText(shell, { text: one.head.replace(/\+?=$/, "") }, "none")}${one.append ? "+=" : "="}`
      : one.head;
    argv.push(head + (yield* expandText(shell, one.value, "assignment")));
  }
}

/** `x=1` without a command: the shell's own variables change. */
function* assignOnly(shell: Shell, node: Simple, saved: SavedFds): Task<number> {
  if (node.redirects.length > 0 && !(yield* redirect(shell, node.redirects, saved))) return 1;
  for (const one of node.assignments) yield* assignTraced(shell, one);
  return shell.substituted ?? 0;
}

function* assignTraced(shell: Shell, one: Assignment): Task {
  yield* assign(shell, one, shell.has("xtrace") ? (value) => traceAssignment(shell, one, value) : undefined);
}

function traceAssignment(shell: Shell, one: Assignment, value: string): Task {
  return trace(shell, one.head + (isList(one.value) || value === "" ? value : traceQuote(value)));
}

function* runArgv(
  shell: Shell,
  argv: readonly string[],
  arrays: ArrayArguments,
  node: Simple,
  running: Running,
  tail: boolean,
): Task<number> {
  const name = argv[0] as string;
  const called = name.includes("/") ? undefined : shell.functions.get(name);
  const builtin = called || shell.disabled.has(name) ? undefined : running.builtin(name);
  if (called) return yield* callFunction(shell, called, argv.slice(1), running.node);
  if (builtin) return yield* runBuiltin(shell, builtin, argv.slice(1), arrays);
  const env = environmentOf(shell);
  if (tail && !shell.traps.has("EXIT")) return yield* becomeExternal(shell, argv, env);
  return yield* runExternal(shell, argv, env, node);
}

/** Errors in what a builtin works out are told with its name and end only the builtin. */
export function* runBuiltin(
  shell: Shell,
  builtin: Builtin,
  args: readonly string[],
  arrays: ArrayArguments,
): Task<number> {
  try {
    return yield* builtin.run(shell, args, arrays);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    yield* shell.complain(`${builtin.name}: ${error.message}`);
    if (error.scope === "shell") throw new Abandoned("shell", 1);
    return 1;
  }
}

/** Assignments before a command hold only while it runs, and are in its environment. */
function* assignForNow(shell: Shell, assignments: readonly Assignment[]): Task<() => void> {
  const before = new Map<string, Variable | undefined>();
  for (const one of assignments) {
    const old = shell.vars.all.get(one.name);
    if (old?.readonly) {
      yield* shell.complain(`${one.name}: readonly variable`);
      continue;
    }
    if (!before.has(one.name)) {
      before.set(one.name, old);
      if (old) shell.vars.all.set(one.name, { ...old });
    }
    yield* assignTraced(shell, one);
    const variable = shell.vars.find(one.name);
    if (variable) variable.exported = true;
  }
  return () => {
    for (const [name, old] of before) {
      if (old) shell.vars.all.set(name, old);
      else shell.vars.all.delete(name);
      shell.changed(name);
    }
  };
}

/** The environment of a program: exported variables and functions. */
function environmentOf(shell: Shell): Map<string, string> {
  const env = shell.vars.environment();
  for (const [name, { exported, text }] of shell.functions)
    if (exported) env.set(`BASH_FUNC_${name}%%`, `() ${text.replace(/^(function\s+)?[^\s(]+\s*(\(\s*\))?\s*/, "")}`);
  return env;
}
