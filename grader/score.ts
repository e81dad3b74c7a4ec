import { Unreachable } from "../src/cluster/apiserver/define.ts";
import { Status } from "../src/kinds/status.ts";
import { domains } from "./curriculum.ts";
import { type Task, Unmet, type View } from "./define.ts";

/** How a check came out. `why` says what the state is where it is not as wanted. */
export interface CheckResult {
  readonly says: string;
  readonly points: number;
  readonly met: boolean;
  readonly why?: string;
}

/** The checks of one task, and what it is worth on its paper. */
export interface TaskResult {
  readonly id: string;
  readonly title: string;
  readonly domain: string;
  readonly competency: string;
  readonly weight: number;
  readonly checks: readonly CheckResult[];
  readonly points: number;
  readonly of: number;
  /** What happened besides: a script that did not end, no submission. */
  readonly note?: string;
  /** What was drawn. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly explain: string;
}

/** The result of a paper. Scores are in per cent. */
export interface Report {
  readonly paper: string;
  readonly seed: string;
  readonly tasks: readonly TaskResult[];
  readonly domains: readonly { readonly title: string; readonly score: number; readonly weight: number }[];
  readonly score: number;
  readonly pass: number;
  readonly passed: boolean;
}

/** Looks at the state of a task's world. Each part counts for itself; what was so from the start, once something was done. */
export function examineTask(task: Task, view: View): readonly CheckResult[] {
  const reasons = task.checks.map(({ examine }) => reasonOf(() => examine(view)));
  const begun = task.checks.some(({ keeps }, i) => !keeps && reasons[i] === undefined);
  return task.checks.map(({ says, points, keeps }, i) => {
    const why = reasons[i] ?? (keeps && !begun ? untouched : undefined);
    return { says, points, met: why === undefined, ...(why !== undefined && { why }) };
  });
}

const untouched = "that was so before; it counts once something else of the task is done";

function reasonOf(examine: () => string | undefined): string | undefined {
  try {
    return examine();
  } catch (error) {
    if (error instanceof Unmet || error instanceof Status || error instanceof Unreachable) return error.message;
    throw error;
  }
}

/** A task's result from its checks. */
export function taskResult(task: Task, weight: number, checks: readonly CheckResult[], note?: string): TaskResult {
  const sum = (some: readonly CheckResult[]) => some.reduce((total, check) => total + check.points, 0);
  return {
    id: task.id,
    title: task.title,
    domain: task.domain.title,
    competency: task.competency,
    weight,
    checks,
    points: sum(checks.filter((check) => check.met)),
    of: sum(checks),
    ...(note !== undefined && { note }),
    parameters: task.parameters,
    explain: task.explain,
  };
}

/** Adds the tasks of a paper up, by their weights. */
export function reportOf(paper: { title: string; pass: number }, seed: string, tasks: readonly TaskResult[]): Report {
  const shares = (some: readonly TaskResult[]) => {
    const weight = some.reduce((total, task) => total + task.weight, 0);
    const got = some.reduce((total, task) => total + (task.weight * task.points) / task.of, 0);
    return { weight, score: weight === 0 ? 0 : (100 * got) / weight };
  };
  const byDomain = domains
    .map(({ title }) => ({ title, ...shares(tasks.filter((task) => task.domain === title)) }))
    .filter(({ weight }) => weight > 0);
  const { score } = shares(tasks);
  // A sum of fractions may miss a whole number by a hair.
  const passed = score + 1e-9 >= paper.pass;
  return { paper: paper.title, seed, tasks, domains: byDomain, score, pass: paper.pass, passed };
}
