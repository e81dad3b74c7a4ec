import type { Kind } from "../define.ts";
import { labelsText } from "../label-selector.ts";
import { qosClassOf } from "../pod-resources.ts";
import { portsOfTemplate } from "../templates.ts";
import type { Pod } from "../types/pod.ts";
import { nameWarnings, podWarnings } from "../validation/pod-warnings.ts";
import { applyLabelKeys } from "./apply-label-keys.ts";
import { podColumns } from "./columns.ts";
import { podDefaults } from "./defaults.ts";
import { describePod } from "./describe.ts";
import { podProblems, problemsOfNewPod } from "./problems.ts";
import { podProblemsOfUpdate } from "./update.ts";

/** The smallest thing that runs: containers on one node that share network and volumes. */
export const pod: Kind<Pod> = {
  kind: "Pod",
  plural: "pods",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["po"],
  categories: ["all"],
  subresources: [
    { name: "attach", kind: "PodAttachOptions", verbs: ["create", "get"] },
    { name: "binding", kind: "Binding", verbs: ["create"] },
    { name: "ephemeralcontainers", kind: "Pod", verbs: ["get", "patch", "update"] },
    { name: "eviction", kind: "Eviction", group: "policy", version: "v1", verbs: ["create"] },
    { name: "exec", kind: "PodExecOptions", verbs: ["create", "get"] },
    { name: "log", kind: "Pod", verbs: ["get"] },
    { name: "portforward", kind: "PodPortForwardOptions", verbs: ["create", "get"] },
    { name: "proxy", kind: "PodProxyOptions", verbs: ["create", "delete", "get", "patch", "update"] },
    { name: "resize", kind: "Pod", verbs: ["get", "patch", "update"] },
    { name: "status", kind: "Pod", verbs: ["get", "patch", "update"] },
  ],
  defaults: podDefaults,
  problems: podProblems,
  problemsOfCreate: problemsOfNewPod,
  problemsOfUpdate: podProblemsOfUpdate,
  // A changed pod is not looked at: people hardly change pods (pkg/registry/core/pod strategy.go, 1.35).
  warnings: (object, old) =>
    old ? [] : [...nameWarnings(object.metadata.name, "the Pod's hostname"), ...podWarnings(object, "")],
  prepareForCreate,
  columns: podColumns,
  countsGenerations: true,
  graceSeconds: podGraceSeconds,
  selectable: (object) => ({
    "spec.nodeName": object.spec.nodeName ?? "",
    "spec.restartPolicy": object.spec.restartPolicy ?? "",
    "spec.schedulerName": object.spec.schedulerName ?? "",
    "spec.serviceAccountName": object.spec.serviceAccountName ?? "",
    "spec.hostNetwork": String(object.spec.hostNetwork ?? false),
    "status.phase": object.status?.phase ?? "",
    "status.podIP": object.status?.podIPs?.[0]?.ip ?? object.status?.podIP ?? "",
    "status.nominatedNodeName": object.status?.nominatedNodeName ?? "",
  }),
  rowConditions,
  templateAt: "",
  templateOf: (object) => object,
  podsOf: (object) => labelsText(object.metadata.labels) || undefined,
  portsOf: portsOfTemplate,
  describe: describePod,
};

/** A new pod waits; its class of service is settled at once (kubernetes pkg/registry/core/pod strategy.go, 1.35). */
function prepareForCreate(object: Pod): void {
  object.status = { phase: "Pending", qosClass: qosClassOf(object) };
  if (object.spec.schedulingGates?.length) {
    const message = "Scheduling is blocked due to non-empty scheduling gates";
    object.status.conditions = [{ type: "PodScheduled", status: "False", reason: "SchedulingGated", message }];
  }
  applyLabelKeys(object);
}

/**
 * How long a pod may take to end: what was asked, else what it says; at once where it is not scheduled or has ended
 * (kubernetes pkg/registry/core/pod strategy.go CheckGracefulDelete, 1.35).
 */
function podGraceSeconds(object: Pod, asked: number | undefined): number {
  const { phase } = object.status ?? {};
  if (!object.spec.nodeName || phase === "Failed" || phase === "Succeeded") return 0;
  const seconds = asked ?? object.spec.terminationGracePeriodSeconds ?? 30;
  return seconds < 0 ? 1 : seconds;
}

function rowConditions(object: Pod): { type: string; status: string; reason: string; message: string }[] {
  const row = { type: "Completed", status: "True" };
  if (object.status?.phase === "Succeeded")
    return [{ ...row, reason: "Succeeded", message: "The pod has completed successfully." }];
  return object.status?.phase === "Failed" ? [{ ...row, reason: "Failed", message: "The pod failed." }] : [];
}
