import { expect, test } from "vitest";
import { domainOf } from "../../grader/curriculum.ts";
import type { Task, View } from "../../grader/define.ts";
import { jsonReport } from "../../grader/reports/json.ts";
import { junitReport } from "../../grader/reports/junit.ts";
import { tableReport } from "../../grader/reports/table.ts";
import { type CheckResult, examineTask, reportOf, taskResult } from "../../grader/score.ts";

const task = (id: string, competency: "T1" | "W1"): Task => ({
  ...{
    id,
    competency,
    title: `About ${id}`,
    domain: domainOf(competency),
    weight: 1,
    minutes: 1,
    host: "h",
    world: "w",
  },
  ...{ setup: "", settle: 0, text: "", checks: [], hints: [], solution: "", explain: "E", also: [], wrong: [] },
  parameters: { node: "n1" },
});
const met = (says: string, points: number): CheckResult => ({ says, points, met: true });
const unmet = (says: string, points: number, why: string): CheckResult => ({ says, points, met: false, why });

const report = reportOf({ title: "P", pass: 66 }, "7", [
  taskResult(task("a", "T1"), 70, [met("one", 1), unmet("two", 2, 'x is "<1>" & not 2')]),
  taskResult(task("b", "W1"), 30, [met("three", 1)], "note"),
]);

test("partial credit, weighted", () => {
  expect(report.score).toBeCloseTo(70 / 3 + 30);
  expect(report.passed).toBe(false);
  expect(report.domains.map(({ title, score, weight }) => [title, Math.round(score), weight])).toEqual([
    ["Troubleshooting", 33, 70],
    ["Workloads & Scheduling", 100, 30],
  ]);
});

test("the pass mark itself passes", () => {
  const checks = [met("a", 66), unmet("b", 34, "no")];
  expect(reportOf({ title: "P", pass: 66 }, "1", [taskResult(task("a", "T1"), 33, checks)]).passed).toBe(true);
});

test("for people", () => {
  expect(tableReport(report)).toBe(`a: About a  1/3 points, weight 70 %
  ✓ 1 one
  ✗ 2 two: x is "<1>" & not 2
b: About b  1/1 points, weight 30 %
  ! note
  ✓ 1 three

Troubleshooting         33.3 %  of 70 %
Workloads & Scheduling   100 %  of 30 %

53.3 %, not passed (pass mark 66 %), seed 7
`);
});

test("for CI", () => {
  const xml = junitReport(report);
  expect(xml).toContain('<testsuites name="P" tests="3" failures="1" errors="0">');
  expect(xml).toContain('<failure message="x is &quot;&lt;1&gt;&quot; &amp; not 2"/>');
  expect(xml).toContain("<system-out>note</system-out>");
  expect(JSON.parse(jsonReport(report))).toEqual(JSON.parse(JSON.stringify(report)));
});

test("what was so before counts once something was done", () => {
  const check = (says: string, keeps: boolean, why?: string) => ({
    says,
    points: 1,
    keeps,
    at: "",
    examine: () => why,
  });
  const looked = (done: string | undefined, kept: string | undefined) =>
    examineTask(
      { ...task("a", "T1"), checks: [check("done", false, done), check("kept", true, kept)] },
      {} as View,
    ).map(({ met: is }) => is);
  expect(looked("not yet", undefined)).toEqual([false, false]);
  expect(looked(undefined, undefined)).toEqual([true, true]);
  expect(looked(undefined, "broken")).toEqual([true, false]);
});
