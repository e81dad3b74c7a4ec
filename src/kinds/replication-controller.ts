import { ageColumn, count, nameColumn, templateColumns } from "./cells.ts";
import { podTemplateDefaults } from "./defaults/pod-spec.ts";
import type { Kind, Problem } from "./define.ts";
import { labelsText, matchesLabels } from "./label-selector.ts";
import { required, unsupported, wrong } from "./problem.ts";
import { describeReplicationController } from "./replication-controller/describe.ts";
import { portsOfTemplate } from "./templates.ts";
import type { ReplicationController } from "./types/workload.ts";
import { sorted } from "./validation/labels.ts";
import { checkPodTemplate } from "./validation/pod-spec.ts";
import { templateWarnings } from "./validation/pod-warnings.ts";
import { checkCount } from "./validation/workload.ts";

/** The forerunner of ReplicaSet: its selector is a plain map of labels. */
export const replicationController: Kind<ReplicationController> = {
  kind: "ReplicationController",
  plural: "replicationcontrollers",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["rc"],
  categories: ["all"],
  subresources: [
    { name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: ["get", "patch", "update"] },
    { name: "status", kind: "ReplicationController", verbs: ["get", "patch", "update"] },
  ],
  countsGenerations: true,
  orphansDependents: true,
  defaults,
  prepareForCreate(object) {
    object.status = { replicas: 0 };
  },
  problems: problemsOf,
  selectable: (object) => ({ "status.replicas": String(object.status?.replicas ?? 0) }),
  warnings: (object, old) => templateWarnings(object, old, object.spec.template, "spec.template"),
  columns: [
    nameColumn,
    count("Desired", (object) => object.spec.replicas),
    count("Current", (object) => object.status?.replicas),
    count("Ready", (object) => object.status?.readyReplicas),
    ageColumn,
    ...templateColumns<ReplicationController>(
      (object) => object.spec.template,
      ({ spec }) => (spec.selector ? { matchLabels: spec.selector } : undefined),
    ),
  ],
  replicasAt: "spec.replicas",
  templateAt: "spec.template",
  templateOf: (object) => object.spec.template,
  podsOf: (object) => labelsText(object.spec.selector) || undefined,
  portsOf: (object) => portsOfTemplate(object.spec.template),
  describe: describeReplicationController,
};

/** Fills in what was left out (core/v1 SetDefaults_ReplicationController, 1.35). */
function defaults(object: ReplicationController): void {
  object.spec ??= {} as ReplicationController["spec"];
  const { spec, metadata } = object;
  const labels = spec.template?.metadata?.labels;
  if (labels) {
    if (isEmpty(spec.selector)) spec.selector = { ...labels };
    if (isEmpty(metadata.labels)) metadata.labels = { ...labels };
  }
  spec.replicas ??= 1;
  podTemplateDefaults(spec);
  object.status = { replicas: 0, ...object.status };
}

function isEmpty(map: object | undefined): boolean {
  for (const _ in map) return false;
  return true;
}

/** kubernetes pkg/apis/core/validation ValidateReplicationControllerSpec, 1.35. */
function problemsOf({ spec }: ReplicationController): readonly Problem[] {
  const problems: Problem[] = [];
  checkCount(spec.minReadySeconds, "spec.minReadySeconds", problems);
  const { selector, template } = spec;
  if (isEmpty(selector)) problems.push(required("spec.selector"));
  checkCount(spec.replicas, "spec.replicas", problems);
  const labels = template.metadata?.labels;
  if (!isEmpty(selector) && !matchesLabels(selector, labels)) {
    const detail = "`selector` does not match template `labels`";
    problems.push(wrong("spec.template.metadata.labels", sorted(labels), detail));
  }
  checkPodTemplate(template, "spec.template", problems);
  const { restartPolicy = "", activeDeadlineSeconds } = template.spec;
  if (restartPolicy !== "Always")
    problems.push(unsupported("spec.template.spec.restartPolicy", restartPolicy, ["Always"]));
  if (activeDeadlineSeconds !== undefined)
    problems.push({
      type: "Forbidden",
      path: "spec.template.spec.activeDeadlineSeconds",
      detail: "activeDeadlineSeconds in ReplicationController is not Supported",
    });
  return problems;
}
