import type { Task } from "../../../machine/define.ts";
import type { Builtin } from "../define.ts";
import { Abandoned, Problem } from "../problem.ts";
import type { Shell } from "../shell.ts";
import type { List, Node, Statement } from "../syntax/ast.ts";
import { printNode } from "../syntax/print.ts";
import { waitForJob } from "../wait.ts";
import { runBackground } from "./background.ts";
import { fork } from "./child.ts";
import {
  arithmeticCommand,
  caseCommand,
  countingLoop,
  forLoop,
  ifCommand,
  type RunList,
  whileLoop,
} from "./compound.ts";
import { runPipeline } from "./pipeline.ts";
import { redirect, SavedFds } from "./redirect.ts";
import { selectLoop } from "./select.ts";
import { closeSubstitutions, runSimple } from "./simple.ts";
import { testCommand } from "./test-command.ts";
import { actOnSignals, checkFailure } from "./traps.ts";

/** Runs nodes of the syntax tree. Made once, with the builtins it may call. */
export class Executor {
  private readonly builtins: ReadonlyMap<string, Builtin>;

  constructor(builtins: ReadonlyMap<string, Builtin>) {
    this.builtins = builtins;
  }

  readonly list: RunList = (shell, list) => this.runList(shell, list);
  readonly node = (shell: Shell, node: Node): Task<number> => this.runNode(shell, node, false);
  readonly builtin = (name: string): Builtin | undefined => this.builtins.get(name);

  /** Runs statements in order until something breaks off. */
  *runList(shell: Shell, list: List): Task<number> {
    for (const statement of list) {
      yield* this.runStatement(shell, statement, false);
      if (shell.flow) break;
    }
    return shell.status;
  }

  *runStatement(shell: Shell, statement: Statement, tail: boolean): Task<number> {
    if (shell.proc.tick()) yield undefined;
    if (shell.pending.length > 0) yield* actOnSignals(shell);
    shell.line = statement.line;
    if (!statement.background) return yield* this.runNode(shell, statement.node, tail);
    yield* runBackground(shell, statement, (copy) => this.runNode(copy, statement.node, true));
    shell.status = 0;
    return 0;
  }

  /** A subshell's body: its last command may take the process over. */
  *runBody(shell: Shell, list: List): Task<number> {
    const only = list.length === 1 ? list[0] : undefined;
    if (only && !only.background && only.node.type === "simple") return yield* this.runStatement(shell, only, true);
    return yield* this.runList(shell, list);
  }

  *runNode(shell: Shell, node: Node, tail: boolean): Task<number> {
    try {
      shell.status = yield* this.dispatch(shell, node, tail);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      yield* shell.complain(error.message);
      shell.status = 1;
      throw new Abandoned(error.scope, error.scope === "shell" && shell.kind === "command" ? 127 : 1);
    }
    if (shell.notices.length > 0) yield* shell.error(shell.notices.splice(0).join(""));
    if (checked.has(node.type) && !(node.type === "pipeline" && node.negated)) {
      shell.vars.setArrayQuietly("PIPESTATUS", node.type === "pipeline" ? undefined : [String(shell.status)]);
      if (shell.status !== 0) yield* checkFailure(shell);
    }
    if (shell.pending.length > 0) yield* actOnSignals(shell);
    return shell.status;
  }

  private dispatch(shell: Shell, node: Node, tail: boolean): Task<number> {
    switch (node.type) {
      case "simple":
        return runSimple(shell, node, this, tail);
      case "pipeline":
        return runPipeline(shell, node, (copy, stage, last) => this.runNode(copy, stage, last));
      case "and-or":
        return this.andOr(shell, node);
      case "group":
        return this.runList(shell, node.body);
      case "subshell":
        return this.subshell(shell, node.body, tail);
      case "if":
        return ifCommand(shell, node, this.list);
      case "while":
        return whileLoop(shell, node, this.list);
      case "for":
        return forLoop(shell, node, this.list);
      case "select":
        return selectLoop(shell, node, this.list);
      case "counting":
        return countingLoop(shell, node, this.list);
      case "case":
        return caseCommand(shell, node, this.list);
      case "test":
        return testCommand(shell, node);
      case "arithmetic":
        return arithmeticCommand(shell, node);
      case "function":
        return this.define(shell, node);
      case "redirected":
        return this.redirected(shell, node, tail);
    }
  }

  private *define(shell: Shell, node: Node & { type: "function" }): Task<number> {
    const { name, body, line, text } = node;
    if (shell.readonlyFunctions.has(name)) {
      yield* shell.complain(`${name}: readonly function`);
      return 1;
    }
    const source = shell.calls.at(-1)?.source ?? (shell.kind === "command" ? "environment" : "main");
    shell.functions.set(name, { name, body, line, text, source });
    return 0;
  }

  private *andOr(shell: Shell, node: Node & { type: "and-or" }): Task<number> {
    for (const [i, part] of node.parts.entries()) {
      const operator = node.operators[i - 1];
      if (operator !== undefined && (shell.status === 0) !== (operator === "&&")) continue;
      const last = i === node.parts.length - 1;
      if (!last) shell.tested++;
      try {
        yield* this.runNode(shell, part, false);
      } finally {
        if (!last) shell.tested--;
      }
      if (shell.flow) break;
    }
    return shell.status;
  }

  private *subshell(shell: Shell, body: List, tail: boolean): Task<number> {
    if (tail && !shell.traps.has("EXIT")) {
      shell.subshell++;
      return yield* this.runList(shell, body);
    }
    if (shell.trapDepth === 0 && shell.traps.has("ERR")) shell.command = printNode({ type: "subshell", body });
    const monitored = shell.has("monitor");
    const child = yield* fork(shell, (copy) => this.runBody(copy, body), { group: monitored ? "new" : undefined });
    const [status = 0] = yield* waitForJob(shell, [child], { type: "subshell", body });
    return status;
  }

  private *redirected(shell: Shell, node: Node & { type: "redirected" }, tail: boolean): Task<number> {
    shell.line = node.line;
    const saved = new SavedFds(shell);
    const open = shell.openSubstitutions.length;
    try {
      if (!(yield* redirect(shell, node.redirects, saved))) {
        shell.status = 1;
        yield* checkFailure(shell);
        return 1;
      }
      return yield* this.runNode(shell, node.node, tail);
    } finally {
      saved.restore();
      closeSubstitutions(shell, open);
    }
  }
}

/** Commands whose failure counts for `set -e` by themselves; the others consist of such. */
const checked: ReadonlySet<Node["type"]> = new Set<Node["type"]>([
  "simple",
  "pipeline",
  "subshell",
  "test",
  "arithmetic",
]);
