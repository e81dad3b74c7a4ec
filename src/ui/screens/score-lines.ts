import type { Report, TaskResult } from "../../../grader/score.ts";
import type { ScreenLine } from "./lines-view.tsx";
import { wrap } from "./wrap.ts";

const plain = (text: string): ScreenLine => ({ text, look: "plain" });
const indented = (text: string, columns: number, by: number): ScreenLine[] =>
  wrap(text, columns - by).map((line) => plain(`${" ".repeat(by)}${line}`));

/** "First exam: 73 % — passed (pass mark 66 %)" */
export function verdict(report: Report): string {
  const score = shownScore(report);
  return `${report.paper}: ${score} % — ${report.passed ? "passed" : "not passed"} (pass mark ${report.pass} %)`;
}

/** Rounded, but never up to a pass mark that was missed. */
function shownScore({ score, pass, passed }: Report): number {
  const rounded = Math.round(score);
  return !passed && rounded >= pass ? Math.floor(score) : rounded;
}

/** The whole report for a screen: domains, then every check of every task with its reason and what is to be learnt. */
export function scoreLines(report: Report, columns: number): ScreenLine[] {
  return [
    ...wrap(verdict(report), columns).map((text): ScreenLine => ({ text, look: "head" })),
    plain(""),
    ...domainLines(report),
    ...report.tasks.flatMap((task) => [plain(""), ...taskLines(task, columns), ...explainLines(task, columns)]),
    plain(""),
    plain(`seed ${report.seed}`),
  ];
}

/** The report after the screens are gone: what was not met, and why. */
export function summaryLines(report: Report, columns: number): ScreenLine[] {
  const tasks = report.tasks.flatMap((task) => {
    const open = task.checks.filter(({ met }) => !met);
    const head = `${task.points}/${task.of}`.padStart(7);
    return [
      plain(`${head}  ${task.title} (${Math.round(task.weight)} %)`),
      ...open.flatMap((one) => checkLines(one, columns, 9)),
    ];
  });
  return [plain(verdict(report)), plain(""), ...domainLines(report), plain(""), ...tasks];
}

function domainLines(report: Report): ScreenLine[] {
  return report.domains.map(({ title, score, weight }) =>
    plain(`${`${Math.round(score)} %`.padStart(7)}  ${title} (${Math.round(weight)} % of the paper)`),
  );
}

/** A task's checks, each with the reason where it is not met. */
export function taskLines(task: TaskResult, columns: number): ScreenLine[] {
  const head = `${task.title}: ${task.points} of ${task.of} points`;
  return [
    ...wrap(head, columns).map((text): ScreenLine => ({ text, look: "head" })),
    ...(task.note ? indented(task.note, columns, 2) : []),
    ...task.checks.flatMap((check) => checkLines(check, columns, 2)),
  ];
}

function checkLines(check: TaskResult["checks"][number], columns: number, by: number): ScreenLine[] {
  const look = check.met ? "met" : "unmet";
  const says = wrap(`${check.says} (${check.points})`, columns - by - 2).map((line, i): ScreenLine => {
    const mark = i > 0 ? " " : check.met ? "✓" : "✗";
    return { text: `${" ".repeat(by)}${mark} ${line}`, look };
  });
  return [...says, ...(check.why === undefined ? [] : indented(check.why, columns, by + 4))];
}

/** Why the task is solved as it is, and where the documentation says so. */
export function explainLines(task: TaskResult, columns: number): ScreenLine[] {
  const text = task.explain.trim();
  return text === "" ? [] : [plain(""), ...indented(text, columns, 2)];
}
