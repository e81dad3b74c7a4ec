import type { Task } from "../../machine/define.ts";
import type { Shell } from "./shell.ts";
import type { CommandPart, List, Node, Part, Script } from "./syntax/ast.ts";

/** The elements of an argument `name=(…)`, expanded, by the argument's place. */
export type ArrayArguments = ReadonlyMap<number, readonly ExpandedElement[]>;

export interface ExpandedElement {
  readonly key: string | undefined;
  readonly append: boolean;
  readonly value: string;
}

/** A command that the shell carries out itself. */
export interface Builtin {
  readonly name: string;
  /** After the name, as `help` and usage errors show it. */
  readonly usage: string;
  /** What it does, in a sentence. */
  readonly help: string;
  run(shell: Shell, args: readonly string[], arrays: ArrayArguments): Task<number>;
}

export interface ShellFunction {
  readonly name: string;
  readonly body: Node;
  readonly line: number;
  readonly text: string;
  /** The file that defined it, for BASH_SOURCE and messages. */
  readonly source: string;
  readonly exported?: boolean;
}

/** What breaks off the normal course of commands: the lists and loops on the way look at it. */
export type Flow =
  | { readonly type: "break" | "continue"; levels: number }
  | { readonly type: "return"; readonly status: number };

/** A function, sourced file or the script itself, as FUNCNAME, BASH_SOURCE and BASH_LINENO show it. */
export interface Call {
  readonly name: string;
  readonly source: string;
  /** The line it was called from. */
  readonly from: number;
}

/** How a word list for completion is made (`complete`, `compgen`). */
export interface CompletionSpec {
  readonly actions: readonly string[];
  readonly options: readonly string[];
  readonly words?: string | undefined;
  readonly glob?: string | undefined;
  readonly functionName?: string | undefined;
  readonly command?: string | undefined;
  readonly filter?: string | undefined;
  readonly prefix?: string | undefined;
  readonly suffix?: string | undefined;
}

/** What builtins need of the part that runs commands, which in turn knows the builtins. */
export interface Interpreter {
  /** Runs text in this shell: eval, a trap, a sourced file. */
  runText(shell: Shell, text: string, options?: { readonly line?: number; readonly label?: string }): Task<number>;
  runScript(shell: Shell, script: Script, label: string | undefined): Task<number>;
  /** Runs a list whose only command may take the shell's process over. */
  runBody(shell: Shell, list: List): Task<number>;
  callFunction(shell: Shell, called: ShellFunction, args: readonly string[]): Task<number>;
  /** Runs a command that is already expanded; functions are passed over where `command` asks for it. */
  runCommand(
    shell: Shell,
    argv: readonly string[],
    options: { readonly functions: boolean; readonly path?: string },
  ): Task<number>;
  /** `exec`: the program takes the shell's place. Returns only where it cannot be started. */
  become(
    shell: Shell,
    argv: readonly string[],
    options: { readonly clear: boolean; readonly name: string | undefined },
  ): Task<number>;
  /** What commands print, run in a child. */
  capture(shell: Shell, part: CommandPart): Task<string>;
  /** Starts the commands of `<(…)` or `>(…)` and gives the path of the pipe to them. */
  processPath(shell: Shell, part: Part & { type: "process" }): string;
  /** Parameters, commands and arithmetic in a text, as in double quotes. */
  expandText(shell: Shell, text: string): Task<string>;
  /** The value of an arithmetic expression, with its expansions done. */
  arithmetic(shell: Shell, text: string): Task<bigint>;
  /** Words after all expansions, as `complete -W` splits them. */
  expandWords(shell: Shell, text: string): Task<string[]>;
  builtin(name: string): Builtin | undefined;
  builtinNames(): readonly string[];
}
