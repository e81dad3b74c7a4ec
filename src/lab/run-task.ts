import type { Task } from "../../grader/define.ts";
import { type CheckResult, examineTask } from "../../grader/score.ts";
import { viewOf } from "../../grader/view.ts";
import { SECOND } from "../base/clock.ts";
import { type BatchResult, batch, type Limits, runUntil, typed } from "./batch.ts";
import { GRACE } from "./exam-attempt.ts";
import type { Library } from "./library.ts";
import { makeTaskWorld, taskHost, usualStart } from "./make-world.ts";

/** What is done in a fresh world of a task: manifests applied, then a script typed, both as candidate on its host. */
export interface Submission {
  readonly manifest?: string | undefined;
  readonly script?: string | undefined;
}

/** How the checks came out, and what was printed on the way. */
export interface TaskRun {
  readonly checks: readonly CheckResult[];
  readonly output: string;
  /** Why the submission was broken off. */
  readonly problem: string | undefined;
}

/** Makes a task's world, carries a submission out in it, lets things settle, and looks. */
export async function runTask(
  library: Library,
  task: Task,
  seed: string,
  submission: Submission,
  limits: Partial<Limits> = {},
): Promise<TaskRun> {
  const { world, ports } = await makeTaskWorld(library, task, seed, usualStart);
  const host = taskHost(world, task);
  const results: BatchResult[] = [];
  const run = async (text: string, stdin: string) => {
    results.push(await batch(world, ports, host, { user: "candidate", argv: typed(text), stdin, limits }));
  };
  if (submission.manifest !== undefined) await run("kubectl apply -f -", submission.manifest);
  if (submission.script !== undefined) await run(submission.script, "");
  await runUntil(world, ports, world.clock.now + GRACE * SECOND);
  return {
    checks: examineTask(task, viewOf(world)),
    output: results.map(({ stdout, stderr }) => stdout + stderr).join(""),
    problem: results.find(({ problem }) => problem !== undefined)?.problem,
  };
}
