import { FormatError } from "./format-error.ts";
import { goQuote } from "./go-text.ts";
import { compareText } from "./json.ts";
import { labelKeyProblems, labelValueProblems } from "./label-syntax.ts";

export type SelectorOperator = "=" | "==" | "!=" | "in" | "notin" | "exists" | "!" | "gt" | "lt";

/** One condition on a label: `app=web`, `tier in (a,b)`, `!canary`. */
export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

/** A label selector: all requirements must be met; none at all selects everything. Ordered by key. */
export type Selector = readonly Requirement[];

export type Labels = Readonly<Record<string, string | undefined>>;

/** A LabelSelector as it stands in an object. */
export interface LabelSelectorFields {
  readonly matchLabels?: Readonly<Record<string, string>> | undefined;
  readonly matchExpressions?: readonly LabelSelectorExpression[] | undefined;
}
export interface LabelSelectorExpression {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[] | undefined;
}

const expressionOperators: Readonly<Record<string, SelectorOperator>> = {
  In: "in",
  NotIn: "notin",
  Exists: "exists",
  DoesNotExist: "!",
};

/** A requirement that fits the rules; else a FormatError in apimachinery's words (labels.NewRequirement, 1.33). */
export function requirement(key: string, operator: SelectorOperator, values: readonly string[]): Requirement {
  const problems = labelKeyProblems(key);
  if (problems.length > 0) throw invalid("key", key, problems.join("; "));
  if ((operator === "in" || operator === "notin") && values.length === 0) {
    throw new FormatError("values: Invalid value: []string{}: for 'in', 'notin' operators, values set can't be empty");
  }
  if ((operator === "exists" || operator === "!") && values.length > 0) {
    const list = `[]string{${values.map(goQuote).join(", ")}}`;
    throw new FormatError(`values: Invalid value: ${list}: values set must be empty for exists and does not exist`);
  }
  const invalidValues: string[] = [];
  values.forEach((value, i) => {
    if ((operator === "gt" || operator === "lt") && !isInteger(value)) {
      const problem = "for 'Gt', 'Lt' operators, the value must be an integer";
      invalidValues.push(invalid(`values[${i}]`, value, problem).message);
    }
    const wrong = labelValueProblems(value);
    if (wrong.length > 0) invalidValues.push(invalid(`values[${i}][${key}]`, value, wrong.join("; ")).message);
  });
  if (invalidValues.length === 1) throw new FormatError(invalidValues[0] ?? "");
  if (invalidValues.length > 1) throw new FormatError(`[${invalidValues.join(", ")}]`);
  return { key, operator, values };
}

function isInteger(text: string): boolean {
  if (!/^[+-]?\d+$/.test(text)) return false;
  const value = BigInt(text.replace(/^\+/, ""));
  return value >= -(2n ** 63n) && value < 2n ** 63n;
}

/** What NewRequirement and the parser say of a key or value that is not allowed. */
export function invalid(path: string, value: string, problem: string): FormatError {
  return new FormatError(`${path}: Invalid value: ${goQuote(value)}: ${problem}`);
}

/** The selector of a LabelSelector in an object; undefined, which selects nothing, where there is none. */
export function selectorOf(fields: LabelSelectorFields | undefined): Selector | undefined {
  if (!fields) return undefined;
  const all: Requirement[] = [];
  for (const [key, value] of Object.entries(fields.matchLabels ?? {})) all.push(requirement(key, "=", [value]));
  for (const { key, operator, values } of fields.matchExpressions ?? []) {
    const known = expressionOperators[operator];
    if (!known) throw new FormatError(`${goQuote(operator)} is not a valid label selector operator`);
    all.push(requirement(key, known, values ?? []));
  }
  return inOrder(all);
}

/** Requirements in the order in which they are printed. */
export function inOrder(all: readonly Requirement[]): Selector {
  return all.toSorted((a, b) => compareText(a.key, b.key));
}

/** A selector as text, as kubectl prints it: `a=b,c in (x,y),!d`. Empty where it selects everything. */
export function selectorText(selector: Selector): string {
  return selector.map(requirementText).join(",");
}

function requirementText({ key, operator, values }: Requirement): string {
  if (operator === "exists") return key;
  if (operator === "!") return `!${key}`;
  if (operator === "in" || operator === "notin") {
    return `${key} ${operator} (${values.toSorted(compareText).join(",")})`;
  }
  return `${key}${operator === "gt" ? ">" : operator === "lt" ? "<" : operator}${values[0] ?? ""}`;
}

/** What kubectl prints in a SELECTOR column: `<none>` for a selector that is missing or empty. */
export function formatSelector(fields: LabelSelectorFields | undefined): string {
  return selectorText(selectorOf(fields) ?? []) || "<none>";
}

/** A function that tells whether labels meet a selector. */
export function selectorMatcher(selector: Selector): (labels: Labels | undefined) => boolean {
  return (labels) => selector.every(({ key, operator, values }) => meets(labels?.[key], operator, values));
}

/** Whether labels fit a LabelSelector as it stands in an object. A missing selector fits nothing, an empty one everything. */
export function matchesSelector(fields: LabelSelectorFields | undefined, labels: Labels | undefined): boolean {
  if (!fields) return false;
  const wanted = fields.matchLabels;
  for (const key in wanted) if (labels?.[key] !== wanted[key]) return false;
  if (!fields.matchExpressions) return true;
  for (const { key, operator, values = [] } of fields.matchExpressions) {
    const known = expressionOperators[operator];
    if (!known || !meets(labels?.[key], known, values)) return false;
  }
  return true;
}

function meets(had: string | undefined, operator: SelectorOperator, values: readonly string[]): boolean {
  switch (operator) {
    case "exists":
      return had !== undefined;
    case "!":
      return had === undefined;
    case "=":
    case "==":
      return had === values[0];
    case "!=":
      return had !== values[0];
    case "in":
      return had !== undefined && values.includes(had);
    case "notin":
      return had === undefined || !values.includes(had);
    case "gt":
    case "lt": {
      if (had === undefined || !isInteger(had)) return false;
      const bound = BigInt(values[0] ?? "");
      return operator === "gt" ? BigInt(had) > bound : BigInt(had) < bound;
    }
  }
}
