import type { Problem } from "../define.ts";
import { duplicate, required, unsupported, wrong } from "../problem.ts";
import type { Taint } from "../types/core.ts";
import type { Toleration } from "../types/pod.ts";
import { check } from "./labels.ts";
import { labelKey, labelValue } from "./words.ts";

// kubernetes pkg/apis/core/validation ValidateTolerations, validateNodeTaints, 1.35.

const effects = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

/** Which taints a pod bears. */
export function checkTolerations(tolerations: readonly Toleration[], path: string, problems: Problem[]): void {
  for (const [index, toleration] of tolerations.entries()) checkToleration(toleration, `${path}[${index}]`, problems);
}

function checkToleration(toleration: Toleration, path: string, problems: Problem[]): void {
  const {
    key = "",
    operator = "",
    value = "",
    effect = "",
    tolerationSeconds,
  } = toleration as Record<"key" | "operator" | "value" | "effect", string | undefined> & {
    tolerationSeconds?: number;
  };
  if (key !== "") check(labelKey, key, `${path}.key`, problems);
  if (key === "" && operator !== "Exists") {
    const detail = 'operator must be Exists when `key` is empty, which means "match all values and all keys"';
    problems.push(wrong(`${path}.operator`, operator, detail));
  }
  if (tolerationSeconds !== undefined && effect !== "NoExecute")
    problems.push(wrong(`${path}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set"));
  if (operator === "Exists") {
    if (value !== "")
      problems.push(wrong(`${path}.operator`, value, "value must be empty when `operator` is 'Exists'"));
  } else if (operator === "Equal" || operator === "") {
    const details = labelValue(value);
    if (details.length > 0) problems.push(wrong(`${path}.operator`, value, details.join(";")));
  } else problems.push(unsupported(`${path}.operator`, operator, ["Equal", "Exists"]));
  if (effect !== "" && !effects.includes(effect)) problems.push(unsupported(`${path}.effect`, effect, effects));
}

/** What keeps pods off a node. */
export function checkTaints(taints: readonly Taint[], path: string, problems: Problem[]): void {
  const seen = new Set<string>();
  for (const [index, taint] of taints.entries()) {
    const at = `${path}[${index}]`;
    check(labelKey, taint.key ?? "", `${at}.key`, problems);
    const details = labelValue(taint.value ?? "");
    if (details.length > 0) problems.push(wrong(`${at}.value`, taint.value, details.join(";")));
    if (!taint.effect) problems.push(required(`${at}.effect`));
    else if (!effects.includes(taint.effect)) problems.push(unsupported(`${at}.effect`, taint.effect, effects));
    const pair = `${taint.effect} ${taint.key}`;
    if (seen.has(pair)) {
      // Shown as Kubernetes' own type has its fields.
      const value = {
        Key: taint.key,
        Value: taint.value ?? "",
        Effect: taint.effect,
        TimeAdded: taint.timeAdded ?? null,
      };
      problems.push(duplicate(at, value, "taints must be unique by key and effect pair"));
    }
    seen.add(pair);
  }
}
