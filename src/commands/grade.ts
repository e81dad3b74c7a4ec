import { writeFileSync } from "node:fs";
import { jsonReport } from "../../grader/reports/json.ts";
import { junitReport } from "../../grader/reports/junit.ts";
import { tableReport } from "../../grader/reports/table.ts";
import { grade as gradeAll, submissionsAt } from "../lab/grade.ts";
import { fileProblem, LabError } from "../lab/lab-error.ts";
import { Library } from "../lab/library.ts";
import { usualSeed } from "../lab/usual-world.ts";
import { type Define, endWith } from "./define.ts";

interface Options {
  readonly junit?: string;
  readonly json?: string;
  readonly seed: string;
}

/** `cka-lab grade`: scripts and manifests named after exercises, carried out in fresh worlds. */
export const grade: Define = (command) => {
  command
    .argument("<path...>", "folders or files: <exercise>.sh is typed on the task's host, <exercise>.yaml applied there")
    .option("--junit <file>", "also write the report as JUnit XML")
    .option("--json <file>", "also write the report as JSON")
    .option("--seed <seed>", "which variants of the exercises", usualSeed)
    .addHelpText(
      "after",
      "\nThe status is 0 from the pass mark of 66 % on, 1 below it, 2 when something cannot be graded.",
    )
    .action(async (paths: string[], options: Options) => {
      const library = new Library();
      const report = await gradeAll(library, submissionsAt(library, paths), options.seed);
      process.stdout.write(tableReport(report));
      if (options.junit !== undefined) save(options.junit, junitReport(report));
      if (options.json !== undefined) save(options.json, jsonReport(report));
      endWith(report.passed ? 0 : 1);
    });
};

function save(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new LabError(`cannot write ${path}: ${fileProblem(error)}`);
  }
}
