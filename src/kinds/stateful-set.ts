import { ageColumn, column, containersCell, nameColumn, wide } from "./cells.ts";
import { podTemplateDefaults } from "./defaults/pod-spec.ts";
import { claimSpecDefaults } from "./defaults/volumes.ts";
import type { Kind, Rollout } from "./define.ts";
import { selectorText } from "./label-selector.ts";
import { describeStatefulSet } from "./stateful-set/describe.ts";
import { problemsOfStatefulSet, problemsOfStatefulSetUpdate } from "./stateful-set/problems.ts";
import type { PodTemplateSpec } from "./types/pod.ts";
import type { ControllerRevision, StatefulSet } from "./types/workload.ts";
import { templateWarnings } from "./validation/pod-warnings.ts";

const rollout: Rollout<StatefulSet> = {
  revisions: {
    apiVersion: "apps/v1",
    resource: "controllerrevisions",
    revisionOf: (object) => (object as ControllerRevision).revision,
    unreadable: "unable to find history controlled by StatefulSet",
  },
  status: rolloutStatus,
  templateOf: (revision) =>
    ((revision as ControllerRevision).data as { spec: { template: PodTemplateSpec } }).spec.template,
};

/** Keeps pods with names and claims of their own, one after the other. */
export const statefulSet: Kind<StatefulSet> = {
  kind: "StatefulSet",
  plural: "statefulsets",
  group: "apps",
  version: "v1",
  namespaced: true,
  short: ["sts"],
  categories: ["all"],
  subresources: [
    { name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: ["get", "patch", "update"] },
    { name: "status", kind: "StatefulSet", verbs: ["get", "patch", "update"] },
  ],
  countsGenerations: true,
  nameRule: "label",
  defaults,
  prepareForCreate(object) {
    object.status = { replicas: 0, availableReplicas: 0 };
  },
  problems: problemsOfStatefulSet,
  problemsOfUpdate: problemsOfStatefulSetUpdate,
  warnings: (object, old) => [
    ...templateWarnings(object, old, object.spec.template, "spec.template"),
    ...negativeHistory(object.spec.revisionHistoryLimit),
  ],
  columns: [
    nameColumn,
    column("Ready", ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    ageColumn,
    wide("Containers", (object) => containersCell(object.spec.template, "name")),
    wide("Images", (object) => containersCell(object.spec.template, "image")),
  ],
  replicasAt: "spec.replicas",
  templateAt: "spec.template",
  templateOf: (object) => object.spec.template,
  podsOf: (object) => selectorText(object.spec.selector) || undefined,
  rollout,
  describe: describeStatefulSet,
};

/** Fills in what was left out (apps/v1 SetDefaults_StatefulSet, 1.35: maxUnavailable is a beta that is on). */
function defaults(object: StatefulSet): void {
  object.spec ??= {} as StatefulSet["spec"];
  const { spec } = object;
  spec.podManagementPolicy ||= "OrderedReady";
  spec.updateStrategy ??= {};
  if (!spec.updateStrategy.type) {
    spec.updateStrategy.type = "RollingUpdate";
    spec.updateStrategy.rollingUpdate ??= {};
  }
  if (spec.updateStrategy.type === "RollingUpdate" && spec.updateStrategy.rollingUpdate) {
    spec.updateStrategy.rollingUpdate.partition ??= 0;
    spec.updateStrategy.rollingUpdate.maxUnavailable ??= 1;
  }
  spec.persistentVolumeClaimRetentionPolicy ??= {};
  spec.persistentVolumeClaimRetentionPolicy.whenDeleted ||= "Retain";
  spec.persistentVolumeClaimRetentionPolicy.whenScaled ||= "Retain";
  spec.replicas ??= 1;
  spec.revisionHistoryLimit ??= 10;
  spec.serviceName ??= "";
  podTemplateDefaults(spec);
  for (const claim of spec.volumeClaimTemplates ?? []) {
    claim.apiVersion ||= "v1";
    claim.kind ||= "PersistentVolumeClaim";
    claim.spec ??= {};
    claimSpecDefaults(claim.spec);
    claim.status ??= {};
    claim.status.phase ||= "Pending";
  }
  object.status = { replicas: 0, availableReplicas: 0, ...object.status };
}

/** The lines of kubectl rollout status (kubectl pkg/polymorphichelpers/rollout_status.go, 1.35). */
function rolloutStatus({ metadata, spec, status }: StatefulSet): { text: string; done: boolean } {
  const { type, rollingUpdate } = spec.updateStrategy ?? {};
  if (type !== "RollingUpdate") throw new Error("rollout status is only available for RollingUpdate strategy type");
  const { observedGeneration = 0, readyReplicas = 0, updatedReplicas = 0, currentReplicas = 0 } = status ?? {};
  if (observedGeneration === 0 || (metadata.generation ?? 0) > observedGeneration)
    return { text: "Waiting for statefulset spec update to be observed...", done: false };
  if (spec.replicas !== undefined && readyReplicas < spec.replicas)
    return { text: `Waiting for ${spec.replicas - readyReplicas} pods to be ready...`, done: false };
  if (rollingUpdate) {
    const wanted = (spec.replicas ?? 0) - (rollingUpdate.partition ?? 0);
    const text = `${updatedReplicas} out of ${wanted} new pods have been updated...`;
    if (spec.replicas !== undefined && rollingUpdate.partition !== undefined && updatedReplicas < wanted)
      return { text: `Waiting for partitioned roll out to finish: ${text}`, done: false };
    return { text: `partitioned roll out complete: ${updatedReplicas} new pods have been updated...`, done: true };
  }
  const { updateRevision = "", currentRevision = "" } = status ?? {};
  if (updateRevision !== currentRevision) {
    const what = `${updatedReplicas} pods at revision ${updateRevision}...`;
    return { text: `waiting for statefulset rolling update to complete ${what}`, done: false };
  }
  const what = `${currentReplicas} pods at revision ${currentRevision}...`;
  return { text: `statefulset rolling update complete ${what}`, done: true };
}

function negativeHistory(limit: number | undefined): readonly string[] {
  const detail = "a negative value retains all historical revisions; a value >= 0 is recommended";
  return (limit ?? 0) < 0 ? [`spec.revisionHistoryLimit: ${detail}`] : [];
}
