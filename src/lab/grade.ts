import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { PASS_MARK } from "../../grader/load-paper.ts";
import { type Report, reportOf, type TaskResult, taskResult } from "../../grader/score.ts";
import { fileProblem, LabError } from "./lab-error.ts";
import type { Library } from "./library.ts";
import { runTask } from "./run-task.ts";

/** What was handed in for an exercise: the files named after it. */
export interface HandedIn {
  readonly exercise: string;
  manifest?: string;
  script?: string;
}

/** Finds the submissions that paths name: files, or all of a folder. Throws LabError for one of no exercise. */
export function submissionsAt(library: Library, paths: readonly string[]): readonly HandedIn[] {
  const found = new Map<string, HandedIn>();
  for (const path of paths.flatMap(filesAt)) {
    const name = basename(path);
    const exercise = name.replace(/\.(sh|ya?ml)$/, "");
    if (!library.ids.includes(exercise))
      throw new LabError(`${path}: there is no exercise ${exercise}; cka-lab list --ids names them`);
    const handedIn: HandedIn = found.get(exercise) ?? { exercise };
    found.set(exercise, handedIn);
    handedIn[name.endsWith(".sh") ? "script" : "manifest"] = readText(path);
  }
  if (found.size === 0)
    throw new LabError(`no submission in ${paths.join(", ")}: they are called <exercise>.sh or <exercise>.yaml`);
  return [...found.values()].sort((a, b) => (a.exercise < b.exercise ? -1 : 1));
}

function filesAt(path: string): readonly string[] {
  if (!existsSync(path)) throw new LabError(`there is no ${path}`);
  if (!statSync(path).isDirectory()) {
    if (!/\.(sh|ya?ml)$/.test(path))
      throw new LabError(`${path} is no submission: they are called <exercise>.sh or <exercise>.yaml`);
    return [path];
  }
  const names = readdirSync(path).filter((name) => /\.(sh|ya?ml)$/.test(name));
  return names.sort().map((name) => join(path, name));
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new LabError(`cannot read ${path}: ${fileProblem(error)}`);
  }
}

/** Carries submissions out, each in a fresh world, and adds up what they score. */
export async function grade(library: Library, handedIn: readonly HandedIn[], seed: string): Promise<Report> {
  const results: TaskResult[] = [];
  for (const { exercise, manifest, script } of handedIn) {
    const task = library.exercise(exercise).draw(seed);
    const { checks, problem } = await runTask(library, task, seed, { manifest, script });
    const note = problem === undefined ? undefined : `the submission was broken off: ${problem}`;
    results.push(taskResult(task, task.weight, checks, note));
  }
  return reportOf({ title: "Submissions", pass: PASS_MARK }, seed, results);
}
