import type { CheckResult, Report, TaskResult } from "../score.ts";

/** A report in the form that CI systems read: a suite per task, a case per check. */
export function junitReport(report: Report): string {
  const cases = report.tasks.flatMap((task) => task.checks);
  const suites = report.tasks.map(suite).join("");
  const counts = countsOf(cases);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escaped(report.paper)}" ${counts}>\n${suites}</testsuites>\n`;
}

function suite(task: TaskResult): string {
  const note = task.note === undefined ? "" : `    <system-out>${escaped(task.note)}</system-out>\n`;
  const cases = task.checks.map((check) => testCase(task, check)).join("");
  const properties = [
    ["points", `${task.points}/${task.of}`],
    ["weight", String(task.weight)],
    ["domain", task.domain],
    ["competency", task.competency],
    ...Object.entries(task.parameters),
  ].map(([name = "", value = ""]) => `      <property name="${escaped(name)}" value="${escaped(value)}"/>\n`);
  return `  <testsuite name="${escaped(task.id)}" ${countsOf(task.checks)}>\n    <properties>\n${properties.join("")}    </properties>\n${cases}${note}  </testsuite>\n`;
}

function testCase(task: TaskResult, { says, met, why = "" }: CheckResult): string {
  const head = `    <testcase classname="${escaped(task.id)}" name="${escaped(says)}"`;
  return met ? `${head}/>\n` : `${head}>\n      <failure message="${escaped(why)}"/>\n    </testcase>\n`;
}

function countsOf(checks: readonly CheckResult[]): string {
  return `tests="${checks.length}" failures="${checks.filter((check) => !check.met).length}" errors="0"`;
}

/** Text for XML 1.0: markup escaped, characters it cannot hold replaced. */
function escaped(text: string): string {
  const marks: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;" };
  return text
    .replace(/[&<>"\n]/g, (mark) => marks[mark] ?? mark)
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
}
