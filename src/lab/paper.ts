import { domains } from "../../grader/curriculum.ts";
import type { Exercise, Paper } from "../../grader/define.ts";
import { PASS_MARK } from "../../grader/load-paper.ts";
import { Random } from "../base/random.ts";
import { LabError } from "./lab-error.ts";

/** The exam: tasks and minutes. */
const TASKS = 17;
const MINUTES = 120;

/** A paper drawn by a seed: the domains' shares in tasks and weights are the curriculum's, as far as there are exercises. */
export function drawPaper(exercises: readonly Exercise[], seed: string): Paper {
  if (exercises.length === 0) throw new LabError("there are no exercises");
  const random = new Random(`${seed}/paper`);
  const quotas = shares(
    TASKS,
    domains.map(({ weight }) => weight),
  );
  const chosen = domains.map((domain, i) => {
    const mine = shuffled(
      exercises.filter((one) => one.domain.id === domain.id),
      random,
    );
    return { domain, exercises: mine.slice(0, quotas[i]) };
  });
  const present = chosen.filter((one) => one.exercises.length > 0);
  const weights = shares(
    100,
    present.map(({ domain }) => domain.weight),
  );
  const tasks = present.flatMap(({ exercises: some }, i) => {
    const parts = shares(
      weights[i] ?? 0,
      some.map(({ weight }) => weight),
    );
    return some.map((exercise, j) => ({ exercise: exercise.id, weight: parts[j] ?? 0 }));
  });
  const needed = present.flatMap((one) => one.exercises).reduce((sum, { minutes }) => sum + minutes, 0);
  const minutes = tasks.length >= TASKS ? MINUTES : Math.min(MINUTES, needed);
  return { id: `drawn-${seed}`, title: `Mock exam ${seed}`, minutes, pass: PASS_MARK, tasks: shuffled(tasks, random) };
}

/** One exercise alone, without a clock. */
export function practicePaper(exercise: Exercise): Paper {
  return {
    id: exercise.id,
    title: exercise.title,
    minutes: undefined,
    pass: PASS_MARK,
    tasks: [{ exercise: exercise.id, weight: 100 }],
  };
}

/** Parts a whole number in proportion, so that the parts add up to it (largest remainders). */
export function shares(whole: number, proportions: readonly number[]): readonly number[] {
  const sum = proportions.reduce((total, one) => total + one, 0);
  const exact = proportions.map((one) => (whole * one) / sum);
  const parts = exact.map(Math.floor);
  const rest = whole - parts.reduce((total, one) => total + one, 0);
  const order = exact
    .map((one, i) => ({ i, left: one - Math.floor(one) }))
    .sort((a, b) => b.left - a.left || a.i - b.i);
  for (const { i } of order.slice(0, rest)) parts[i] = (parts[i] ?? 0) + 1;
  return parts;
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0] as T);
}
