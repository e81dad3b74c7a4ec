import { CelFault } from "../../../../base/cel.ts";
import { goQuote } from "../../../../base/go-text.ts";
import { admissionVariables, compiled, compiledAs } from "../../../../kinds/admission-expressions.ts";
import type { ValidatingAdmissionPolicy } from "../../../../kinds/types/admission.ts";
import type { CelType } from "../../../../schema/cel-types.ts";
import {
  type Conditions,
  compiledConditions,
  conditionsMet,
  type Expression,
  evaluate,
  type Variables,
} from "../expressions.ts";

/** A rule that a request breaks, or that could not be told of it. */
export interface Breach {
  readonly message: string;
  readonly reason: string | undefined;
  /** The place of its rule in the policy. */
  readonly index?: number;
}

interface Rule {
  readonly test: Expression;
  readonly messageExpression: Expression | undefined;
  readonly message: string;
  readonly reason: string;
}

/** A policy ready to be run (apiserver pkg/admission/plugin/policy/validating, 1.35). */
interface CompiledPolicy {
  readonly conditions: Conditions;
  readonly variables: readonly { readonly name: string; readonly expression: Expression }[];
  readonly rules: readonly Rule[];
  readonly annotations: readonly { readonly key: string; readonly value: Expression }[];
  readonly ignoresFaults: boolean;
}

/** How long a remark may be; the rest is cut off (validating/dispatcher.go maxAuditAnnotationValueLength, 1.35). */
const remarkLimit = 10 * 1024;

const known = new WeakMap<object, CompiledPolicy>();

/** A policy, compiled once. */
export function compiledPolicy(policy: ValidatingAdmissionPolicy): CompiledPolicy {
  let made = known.get(policy.spec);
  if (!made) {
    made = compile(policy.spec);
    known.set(policy.spec, made);
  }
  return made;
}

function compile(spec: ValidatingAdmissionPolicy["spec"]): CompiledPolicy {
  const params = spec.paramKind !== undefined;
  const ignoresFaults = spec.failurePolicy === "Ignore";
  const types: Record<string, CelType> = {};
  const variables = (spec.variables ?? []).map(({ name, expression }) => {
    const result = compiled(expression, admissionVariables({ params, authorizer: true, variables: types }));
    types[name] = "fault" in result ? "dyn" : result.type;
    const program = "fault" in result ? `compilation failed: ${result.fault}` : result.program;
    return { name, expression: { text: expression, program } };
  });
  const whole = admissionVariables({ params, authorizer: true, variables: types });
  const forMessages = admissionVariables({ params, authorizer: false, variables: types });
  return {
    conditions: compiledConditions(spec.matchConditions, params, ignoresFaults),
    variables,
    rules: (spec.validations ?? []).map(({ expression, messageExpression, message = "", reason = "Invalid" }) => ({
      test: { text: expression, program: compiledAs(expression, whole, ["bool"]) },
      messageExpression: messageExpression
        ? { text: messageExpression, program: compiledAs(messageExpression, forMessages, ["string"]) }
        : undefined,
      message: message.trim() || `failed expression: ${expression.trim()}`,
      reason,
    })),
    annotations: (spec.auditAnnotations ?? []).map(({ key, valueExpression }) => ({
      key,
      value: { text: valueExpression, program: compiledAs(valueExpression.trim(), whole, ["string", "null"]) },
    })),
    ignoresFaults,
  };
}

/** What a policy has against a request: its breaches, and what follows whatever the binding says. */
export interface Verdict {
  readonly breaches: readonly Breach[];
  readonly faults: readonly Breach[];
  /** What it tells the audit log. */
  readonly remarks: readonly { readonly key: string; readonly value: string }[];
}

const fine: Verdict = { breaches: [], faults: [], remarks: [] };

/** Runs a policy with what a request and its parameters are. */
export function judged(policy: CompiledPolicy, given: Variables): Verdict {
  const met = conditionsMet(policy.conditions, given);
  if (typeof met === "string") return { ...fine, breaches: [{ message: met, reason: undefined }] };
  if (!met) return fine;
  const variables = { ...given, variables: lazily(policy, given) };
  const breaches = policy.rules.flatMap((rule, index): Breach[] => {
    const result = evaluate(rule.test, variables);
    if ("fault" in result) return policy.ignoresFaults ? [] : [{ message: result.fault, reason: undefined, index }];
    if (result.value === true) return [];
    return [{ message: ownMessage(rule.messageExpression, variables) ?? rule.message, reason: rule.reason, index }];
  });
  const faults: Breach[] = [];
  const remarks: { key: string; value: string }[] = [];
  for (const { key, value } of policy.annotations) {
    const result = evaluate(value, variables);
    if ("fault" in result) {
      if (!policy.ignoresFaults) faults.push({ message: result.fault, reason: undefined });
      continue;
    }
    const text = typeof result.value === "string" ? result.value.trim() : "";
    if (text !== "") remarks.push({ key, value: text.slice(0, remarkLimit) });
  }
  return { breaches, faults, remarks };
}

/** What messageExpression says, where it says one line of text. */
function ownMessage(expression: Expression | undefined, variables: Variables): string | undefined {
  const result = expression && evaluate(expression, variables);
  if (!result || "fault" in result || typeof result.value !== "string") return undefined;
  const text = result.value.trim();
  return text === "" || text.includes("\n") || text.length > 5 * 1024 ? undefined : text;
}

/** The policy's own variables, each worked out when it is first asked for. */
function lazily({ variables }: CompiledPolicy, given: Variables): object {
  const values: Record<string, unknown> = {};
  for (const { name, expression } of variables) {
    Object.defineProperty(values, name, {
      enumerable: true,
      configurable: true,
      get() {
        const value = worked(name, expression, { ...given, variables: values });
        Object.defineProperty(values, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return values;
}

function worked(name: string, { program }: Expression, variables: Variables): unknown {
  if (typeof program === "string")
    throw new CelFault(`composited variable ${goQuote(name)} fails to compile: ${program}`);
  try {
    return program.run(variables);
  } catch (error) {
    if (!(error instanceof CelFault)) throw error;
    throw new CelFault(`composited variable ${goQuote(name)} fails to evaluate: ${error.message}`);
  }
}
