import type { CheckResult, Report, TaskResult } from "../score.ts";

/** A report for people: every check with its reason, the domains, the score. */
export function tableReport(report: Report): string {
  const tasks = report.tasks.flatMap(taskLines);
  const width = Math.max(0, ...report.domains.map(({ title }) => title.length));
  const domains = report.domains.map(
    ({ title, score, weight }) => `${title.padEnd(width)}  ${percent(score).padStart(6)}  of ${percent(weight)}`,
  );
  const verdict = `${percent(report.score)}, ${report.passed ? "passed" : "not passed"} (pass mark ${percent(report.pass)}), seed ${report.seed}`;
  return `${[...tasks, "", ...domains, "", verdict].join("\n")}\n`;
}

function taskLines(task: TaskResult): string[] {
  const head = `${task.id}: ${task.title}  ${task.points}/${task.of} points, weight ${percent(task.weight)}`;
  const note = task.note === undefined ? [] : [`  ! ${task.note}`];
  return [head, ...note, ...task.checks.map(checkLine)];
}

function checkLine({ says, points, met, why }: CheckResult): string {
  return `  ${met ? "✓" : "✗"} ${points} ${says}${why === undefined ? "" : `: ${why}`}`;
}

/** At most one digit behind the point. */
export function percent(value: number): string {
  return `${Math.round(value * 10) / 10} %`;
}
