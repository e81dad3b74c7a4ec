import type { Task } from "../../machine/define.ts";
import type { Process } from "../../machine/process.ts";
import type { Command } from "./command-tree.ts";

export interface Completion {
  readonly words: readonly string[];
  readonly directive: number;
  readonly name: string;
}

/** What may stand at the cursor of a command line; the last word is being completed. */
export function* completeLine(_proc: Process, _root: Command, _words: readonly string[]): Task<Completion> {
  return { words: [], directive: 4, name: "ShellCompDirectiveNoFileComp" };
}
