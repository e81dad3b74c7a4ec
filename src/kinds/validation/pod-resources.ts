import { compareQuantity, parseQuantity } from "../../base/quantity.ts";
import type { Problem } from "../define.ts";
import { containerQuantities } from "../describe/pod-quantities.ts";
import { isPodLevelResource } from "../pod-resources.ts";
import { unsupported, wrong } from "../problem.ts";
import type { PodSpec } from "../types/pod.ts";
import { checkResources } from "./resources.ts";

/** What a pod as a whole asks for and may use, beside its containers (validatePodResources, 1.35). */
export function checkPodResources(spec: PodSpec, path: string, problems: Problem[]): void {
  const { resources } = spec;
  if (!resources) return;
  checkResources(resources, path, problems, checkName);
  for (const [name, amount] of containerQuantities({ spec }, "requests")) {
    const asked = resources.requests?.[name];
    if (asked === undefined || compareQuantity(amount, parseQuantity(asked)) <= 0) continue;
    const rule = `must be greater than or equal to aggregate container requests of ${amount.text}`;
    problems.push(wrong(`${path}.requests[${name}]`, asked, rule));
  }
  for (const [index, container] of spec.containers.entries())
    for (const [name, limit] of Object.entries(container.resources?.limits ?? {})) {
      const most = resources.limits?.[name];
      if (most === undefined || compareQuantity(parseQuantity(limit), parseQuantity(most)) <= 0) continue;
      const rule = `must be less than or equal to pod limits of ${most}`;
      problems.push(wrong(`${path}.containers[${index}][${name}].limits`, limit, rule));
    }
}

function checkName(name: string, path: string, problems: Problem[]): void {
  if (!isPodLevelResource(name)) problems.push(unsupported(path, name, ["cpu", "hugepages-", "memory"]));
}
