import { InvalidArgumentError } from "commander";
import { Library } from "../lab/library.ts";
import { prove as proveOne } from "../lab/prove.ts";
import { runTask } from "../lab/run-task.ts";
import { type Define, endWith } from "./define.ts";

interface Options {
  readonly seeds: number;
  readonly solution?: string;
}

/** `cka-lab prove`: every exercise must hold in both directions, for each of the seeds 1, 2, … */
export const prove: Define = (command) => {
  command
    .argument("[id...]", "exercises; all where none is named")
    .option("--seeds <number>", "how many variants of each", count, 1)
    .option("--solution <id>", "only carry out the solution of this exercise, and show what it prints")
    .action(async (ids: string[], { seeds, solution }: Options) => {
      const library = new Library();
      if (solution !== undefined) endWith(await showSolution(library, solution));
      else endWith(await proveAll(library, ids.length > 0 ? ids : library.ids, seeds));
    });
};

function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError("It must be a positive whole number.");
  return Number(text);
}

async function proveAll(library: Library, ids: readonly string[], seeds: number): Promise<number> {
  let broken = 0;
  for (const exercise of ids.map((id) => library.exercise(id)))
    for (let seed = 1; seed <= seeds; seed++) {
      const { problems } = await proveOne(library, exercise, String(seed));
      process.stdout.write(`${problems.length === 0 ? "ok" : "BROKEN"}  ${exercise.id}, seed ${seed}\n`);
      for (const problem of problems) process.stdout.write(`  - ${problem}\n`);
      if (problems.length > 0) broken++;
    }
  return broken > 0 ? 1 : 0;
}

async function showSolution(library: Library, id: string): Promise<number> {
  const task = library.exercise(id).draw("1");
  const { checks, output, problem } = await runTask(library, task, "1", { script: task.solution });
  process.stdout.write(`${task.solution.replace(/^/gm, "$ ").trimEnd()}\n\n${output}\n`);
  if (problem !== undefined) process.stdout.write(`broken off: ${problem}\n`);
  for (const { says, met, why } of checks)
    process.stdout.write(`${met ? "✓" : "✗"} ${says}${why === undefined ? "" : `: ${why}`}\n`);
  return checks.every(({ met }) => met) ? 0 : 1;
}
