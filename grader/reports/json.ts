import type { Report } from "../score.ts";

/** A report for programs. */
export function jsonReport(report: Report): string {
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
