import { ageColumn, column, count, nameColumn, templateColumns } from "./cells.ts";
import type { Kind, Rollout } from "./define.ts";
import { labelsText, selectorText } from "./label-selector.ts";
import { isObserved } from "./rollouts.ts";
import type { PodTemplateSpec } from "./types/pod.ts";
import type { ControllerRevision, DaemonSet } from "./types/workload.ts";

const rollout: Rollout<DaemonSet> = {
  revisions: {
    apiVersion: "apps/v1",
    resource: "controllerrevisions",
    revisionOf: (object) => (object as ControllerRevision).revision,
  },
  status: rolloutStatus,
  templateOf: (revision) =>
    ((revision as ControllerRevision).data as { spec: { template: PodTemplateSpec } }).spec.template,
};

/** Keeps one pod on every node that fits. */
export const daemonSet: Kind<DaemonSet> = {
  kind: "DaemonSet",
  plural: "daemonsets",
  group: "apps",
  version: "v1",
  namespaced: true,
  short: ["ds"],
  categories: ["all"],
  subresources: [{ name: "status", kind: "DaemonSet", verbs: ["get", "patch", "update"] }],
  countsGenerations: true,
  columns: [
    nameColumn,
    count("Desired", (object) => object.status?.desiredNumberScheduled),
    count("Current", (object) => object.status?.currentNumberScheduled),
    count("Ready", (object) => object.status?.numberReady),
    count("Up-to-date", (object) => object.status?.updatedNumberScheduled),
    count("Available", (object) => object.status?.numberAvailable),
    column("Node Selector", (object) => labelsText(object.spec.template.spec.nodeSelector) || "<none>"),
    ageColumn,
    ...templateColumns<DaemonSet>(
      (object) => object.spec.template,
      (object) => object.spec.selector,
    ),
  ],
  templateAt: "spec.template",
  templateOf: (object) => object.spec.template,
  podsOf: (object) => selectorText(object.spec.selector) || undefined,
  rollout,
};

/** The lines of kubectl rollout status (kubectl pkg/polymorphichelpers/rollout_status.go, 1.35). */
function rolloutStatus(object: DaemonSet): { text: string; done: boolean } {
  if (object.spec.updateStrategy?.type !== "RollingUpdate")
    throw new Error("rollout status is only available for RollingUpdate strategy type");
  const { name } = object.metadata;
  const status = object.status;
  if (!isObserved(object, status?.observedGeneration))
    return { text: "Waiting for daemon set spec update to be observed...", done: false };
  const desired = status?.desiredNumberScheduled ?? 0;
  const updated = status?.updatedNumberScheduled ?? 0;
  const available = status?.numberAvailable ?? 0;
  const waiting = (what: string) => ({ text: `Waiting for daemon set "${name}" rollout to finish: ${what}...`, done: false });
  if (updated < desired) return waiting(`${updated} out of ${desired} new pods have been updated`);
  if (available < desired) return waiting(`${available} of ${desired} updated pods are available`);
  return { text: `daemon set "${name}" successfully rolled out`, done: true };
}
