import type { CelType } from "../../schema/cel-types.ts";
import { expressionProblems } from "../admission-expressions.ts";
import type { Problem } from "../define.ts";
import { duplicate, required } from "../problem.ts";
import type { MatchCondition } from "../types/admission.ts";
import { check } from "./labels.ts";
import { labelKey } from "./words.ts";

const limit = 64;

/** What is wrong with the conditions under which a webhook or a policy is asked (admissionregistration validation, 1.35). */
export function matchConditionProblems(
  conditions: readonly MatchCondition[],
  variables: ReadonlyMap<string, CelType>,
  path: string,
): readonly Problem[] {
  const problems: Problem[] = [];
  if (conditions.length > limit)
    problems.push({ type: "TooMany", path, value: conditions.length, detail: `must have at most ${limit} items` });
  const seen = new Set<string>();
  for (const [i, { name = "", expression = "" }] of conditions.entries()) {
    const at = `${path}[${i}]`;
    const text = expression.trim();
    if (text === "") problems.push(required(`${at}.expression`));
    else problems.push(...expressionProblems(text, variables, ["bool"], `${at}.expression`));
    if (name === "") problems.push(required(`${at}.name`));
    else check(labelKey, name, `${at}.name`, problems);
    if (name !== "" && seen.has(name)) problems.push(duplicate(`${at}.name`, name));
    seen.add(name);
  }
  return problems;
}
