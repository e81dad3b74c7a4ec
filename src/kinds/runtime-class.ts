import { ageColumn, column, nameColumn } from "./cells.ts";
import { canonicalList } from "./defaults/quantities.ts";
import type { Kind, Problem } from "./define.ts";
import { describeGeneric } from "./describe/generic.ts";
import { immutable, required } from "./problem.ts";
import type { RuntimeClass } from "./types/policy.ts";
import { check, checkLabels } from "./validation/labels.ts";
import { selectorWarnings } from "./validation/pod-warnings.ts";
import { checkAmount, checkResourceName } from "./validation/resources.ts";
import { dnsLabel } from "./validation/words.ts";

/** A way of running containers that a node's runtime has a handler for. */
export const runtimeClass: Kind<RuntimeClass> = {
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  group: "node.k8s.io",
  version: "v1",
  namespaced: false,
  defaults: (object) => canonicalList(object.overhead?.podFixed),
  problems(object) {
    const problems: Problem[] = [];
    if (!object.handler) problems.push(required("handler"));
    else check(dnsLabel, object.handler, "handler", problems);
    const fixed = object.overhead?.podFixed ?? {};
    for (const name of Object.keys(fixed)) {
      const path = `overhead.podFixed[${name}]`;
      checkResourceName(name, path, problems);
      checkAmount(name, fixed[name] ?? "0", path, problems);
    }
    checkLabels(object.scheduling?.nodeSelector, "scheduling.nodeSelector", problems);
    return problems;
  },
  problemsOfUpdate: (object, old) => (object.handler === old.handler ? [] : [immutable("handler", object.handler)]),
  warnings: ({ scheduling }) => selectorWarnings(scheduling?.nodeSelector, "scheduling.nodeSelector"),
  columns: [nameColumn, column("Handler", (object) => object.handler), ageColumn],
  describe: describeGeneric,
};
