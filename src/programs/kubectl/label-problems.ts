import * as rules from "../../base/label-syntax.ts";

/** What is wrong with a label's key, as kubectl 1.33 says it: its server of 1.35 counts bytes where it says characters. */
export function labelKeyProblems(key: string): readonly string[] {
  return rules.labelKeyProblems(key).map(inCharacters);
}

/** The same of a label's value. */
export function labelValueProblems(value: string): readonly string[] {
  return rules.labelValueProblems(value).map(inCharacters);
}

function inCharacters(problem: string): string {
  return problem.replace(/(must be no more than \d+) bytes$/, "$1 characters");
}
