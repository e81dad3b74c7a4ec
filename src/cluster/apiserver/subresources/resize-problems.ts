import type { Problem } from "../../../kinds/define.ts";
import { equal } from "../../../kinds/equal.ts";
import { qosClassOf } from "../../../kinds/pod-resources.ts";
import type { Container, Pod } from "../../../kinds/types/pod.ts";

const resizable = new Set(["cpu", "memory"]);

/** What may not be done to the resources of a running pod (core validation ValidatePodResize, 1.35). */
export function resizeProblems(pod: Pod, old: Pod): Problem[] {
  if (old.metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined)
    return [{ type: "Forbidden", path: "", detail: "static pods cannot be resized" }];
  const problems: Problem[] = [];
  if (qosClassOf(pod) !== qosClassOf(old)) {
    const detail = "Pod QOS Class may not change as a result of resizing";
    problems.push({ type: "Invalid", path: "spec", value: old.status?.qosClass ?? qosClassOf(old), detail });
  }
  for (const list of ["containers", "initContainers"] as const)
    for (const [index, container] of (pod.spec[list] ?? []).entries()) {
      const before = old.spec[list]?.[index];
      if (!before || equal(before.resources, container.resources)) continue;
      if (list === "initContainers" && container.restartPolicy !== "Always") {
        const detail = "resources for non-sidecar init containers are immutable";
        problems.push({ type: "Forbidden", path: `spec.initContainers[${index}].resources`, detail });
      } else problems.push(...containerProblems(container, before, `spec.${list}[${index}].resources`));
    }
  return problems;
}

function containerProblems(container: Container, before: Container, path: string): Problem[] {
  const problems: Problem[] = [];
  for (const list of ["limits", "requests"] as const) {
    const [now, then] = [container.resources?.[list] ?? {}, before.resources?.[list] ?? {}];
    if (Object.keys(then).some((name) => resizable.has(name) && now[name] === undefined))
      problems.push({ type: "Forbidden", path: `${path}.${list}`, detail: `resource ${list} cannot be removed` });
    const names = new Set([...Object.keys(now), ...Object.keys(then)]);
    if ([...names].some((name) => !resizable.has(name) && now[name] !== then[name]))
      problems.push({ type: "Forbidden", path: "spec", detail: "only cpu and memory resources are mutable" });
  }
  return problems;
}
