import type { Exercise, Task } from "../../grader/define.ts";
import type { CheckResult } from "../../grader/score.ts";
import type { Library } from "./library.ts";
import { runTask } from "./run-task.ts";

/** What a proof found wrong with an exercise; nothing where it holds. */
export interface Proof {
  readonly id: string;
  readonly seed: string;
  readonly problems: readonly string[];
}

/**
 * Proves an exercise in one variant: a fresh world scores nothing, the solution and every other right way score full,
 * every near miss fails exactly the checks that it names, and every check is failed by some near miss.
 */
export async function prove(library: Library, exercise: Exercise, seed: string): Promise<Proof> {
  const task = exercise.draw(seed);
  const problems: string[] = [];
  const untested = task.checks.filter(({ says }) => !task.wrong.some(({ fails }) => fails.includes(says)));
  for (const { says } of untested) problems.push(`no near miss fails "${says}"`);
  const fresh = await runTask(library, task, seed, {});
  for (const { says, met } of fresh.checks)
    if (met) problems.push(`a fresh world has "${says}": say \`keeps: true\` where it is to stay so`);
  await proveRight(library, task, seed, "the solution", task.solution, problems);
  for (const { name, run } of task.also) await proveRight(library, task, seed, `also "${name}"`, run, problems);
  for (const { name, run, fails } of task.wrong) {
    const { checks, problem, output } = await runTask(library, task, seed, { script: run });
    if (problem !== undefined) problems.push(`wrong "${name}" was broken off: ${problem}`);
    problems.push(...missedBy(`wrong "${name}"`, checks, fails, output));
  }
  return { id: exercise.id, seed, problems };
}

async function proveRight(
  library: Library,
  task: Task,
  seed: string,
  what: string,
  script: string,
  problems: string[],
): Promise<void> {
  const { checks, output, problem } = await runTask(library, task, seed, { script });
  if (problem !== undefined) problems.push(`${what} was broken off: ${problem}`);
  for (const check of checks)
    if (!check.met) problems.push(`${what} fails "${check.says}": ${check.why}${printed(output)}`);
}

function missedBy(
  what: string,
  checks: readonly CheckResult[],
  fails: readonly string[],
  output: string,
): readonly string[] {
  return checks.flatMap(({ says, met, why }) => {
    if (met === !fails.includes(says)) return [];
    return [
      met ? `${what} does not fail "${says}"${printed(output)}` : `${what} fails "${says}": ${why}${printed(output)}`,
    ];
  });
}

/** The end of what a run printed, for whoever looks for the reason. */
function printed(output: string): string {
  const lines = output.trimEnd().split("\n").slice(-6);
  return output.trim() === "" ? "" : `\n    | ${lines.join("\n    | ")}`;
}
