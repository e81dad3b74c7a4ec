import type { Report } from "../../../grader/score.ts";
import { wrap } from "./wrap.ts";

/** A line of the score screen and how it looks. */
export interface ScoreLine {
  readonly text: string;
  readonly look: "head" | "met" | "unmet" | "plain";
}

const plain = (text: string): ScoreLine => ({ text, look: "plain" });

/** The report as lines of at most `columns`. */
export function scoreLines(report: Report, columns: number): ScoreLine[] {
  const verdict = report.passed ? "passed" : "not passed";
  const lines: ScoreLine[] = [
    { text: `${report.paper}: ${Math.round(report.score)} % — ${verdict} (pass mark ${report.pass} %)`, look: "head" },
    plain(`seed ${report.seed}`),
    plain(""),
  ];
  for (const { title, score, weight } of report.domains)
    lines.push(plain(`${`${Math.round(score)} %`.padStart(6)}  ${title} (${Math.round(weight)} % of the paper)`));
  for (const task of report.tasks) {
    lines.push(plain(""), {
      text: `${task.title}  ${task.points}/${task.of} points, weight ${Math.round(task.weight)} %`,
      look: "head",
    });
    if (task.note) lines.push(...wrap(task.note, columns - 2).map((line) => plain(`  ${line}`)));
    for (const check of task.checks) {
      lines.push({
        text: `  ${check.met ? "✓" : "✗"} ${check.says} (${check.points})`,
        look: check.met ? "met" : "unmet",
      });
      if (check.why !== undefined) lines.push(...wrap(check.why, columns - 6).map((line) => plain(`      ${line}`)));
    }
  }
  return lines;
}
