import { ageColumn, count, nameColumn, templateColumns } from "./cells.ts";
import { podTemplateDefaults } from "./defaults/pod-spec.ts";
import type { Kind, Problem } from "./define.ts";
import { selectorText } from "./label-selector.ts";
import { describeReplicaSet } from "./replica-set/describe.ts";
import { portsOfTemplate } from "./templates.ts";
import type { ReplicaSet } from "./types/workload.ts";
import { templateWarnings } from "./validation/pod-warnings.ts";
import { checkCount, checkWorkload, selectorProblemsOfUpdate } from "./validation/workload.ts";

/** Keeps a number of equal pods alive. */
export const replicaSet: Kind<ReplicaSet> = {
  kind: "ReplicaSet",
  plural: "replicasets",
  group: "apps",
  version: "v1",
  namespaced: true,
  short: ["rs"],
  categories: ["all"],
  subresources: [
    { name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: ["get", "patch", "update"] },
    { name: "status", kind: "ReplicaSet", verbs: ["get", "patch", "update"] },
  ],
  countsGenerations: true,
  defaults(object) {
    object.spec ??= {} as ReplicaSet["spec"];
    object.spec.replicas ??= 1;
    podTemplateDefaults(object.spec);
    object.status ??= { replicas: 0 };
    object.status.replicas ??= 0;
  },
  prepareForCreate(object) {
    object.status = { replicas: 0 };
  },
  problems(object) {
    const problems: Problem[] = [];
    checkCount(object.spec.replicas, "spec.replicas", problems);
    checkCount(object.spec.minReadySeconds, "spec.minReadySeconds", problems);
    checkWorkload(object.spec, "ReplicaSet", problems);
    return problems;
  },
  problemsOfUpdate: selectorProblemsOfUpdate,
  selectable: (object) => ({ "status.replicas": String(object.status?.replicas ?? 0) }),
  warnings: (object, old) => templateWarnings(object, old, object.spec.template, "spec.template"),
  columns: [
    nameColumn,
    count("Desired", (object) => object.spec.replicas),
    count("Current", (object) => object.status?.replicas),
    count("Ready", (object) => object.status?.readyReplicas),
    ageColumn,
    ...templateColumns<ReplicaSet>(
      (object) => object.spec.template,
      (object) => object.spec.selector,
    ),
  ],
  replicasAt: "spec.replicas",
  templateAt: "spec.template",
  templateOf: (object) => object.spec.template,
  podsOf: (object) => selectorText(object.spec.selector) || undefined,
  portsOf: (object) => portsOfTemplate(object.spec.template),
  describe: describeReplicaSet,
};
