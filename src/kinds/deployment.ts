import { ageColumn, column, nameColumn, templateColumns } from "./cells.ts";
import type { Kind, Rollout } from "./define.ts";
import { selectorText } from "./label-selector.ts";
import { conditionOf } from "./labels.ts";
import { annotatedRevision, isObserved } from "./rollouts.ts";
import { portsOfTemplate } from "./templates.ts";
import type { Deployment, ReplicaSet } from "./types/workload.ts";

const rollout: Rollout<Deployment> = {
  revisions: { apiVersion: "apps/v1", resource: "replicasets", revisionOf: annotatedRevision },
  status: rolloutStatus,
  pausedAt: "spec.paused",
  templateOf: (revision) => (revision as ReplicaSet).spec.template,
};

/** Replaces pods little by little when their template changes. */
export const deployment: Kind<Deployment> = {
  kind: "Deployment",
  plural: "deployments",
  group: "apps",
  version: "v1",
  namespaced: true,
  short: ["deploy"],
  categories: ["all"],
  subresources: [
    { name: "scale", kind: "Scale", group: "autoscaling", version: "v1", verbs: ["get", "patch", "update"] },
    { name: "status", kind: "Deployment", verbs: ["get", "patch", "update"] },
  ],
  countsGenerations: true,
  columns: [
    nameColumn,
    column("Ready", ({ spec, status }) => `${status?.readyReplicas ?? 0}/${spec.replicas ?? 0}`),
    column("Up-to-date", (object) => object.status?.updatedReplicas ?? 0),
    column("Available", (object) => object.status?.availableReplicas ?? 0),
    ageColumn,
    ...templateColumns<Deployment>(
      (object) => object.spec.template,
      (object) => object.spec.selector,
      "",
    ),
  ],
  replicasAt: "spec.replicas",
  templateAt: "spec.template",
  templateOf: (object) => object.spec.template,
  podsOf: (object) => selectorText(object.spec.selector) || undefined,
  portsOf: (object) => portsOfTemplate(object.spec.template),
  rollout,
};

/** The lines of kubectl rollout status (kubectl pkg/polymorphichelpers/rollout_status.go, 1.35). */
function rolloutStatus(object: Deployment, revision = 0): { text: string; done: boolean } {
  if (revision > 0) {
    const running = annotatedRevision(object);
    if (revision !== running)
      throw new Error(`desired revision (${revision}) is different from the running revision (${running})`);
  }
  const { name } = object.metadata;
  const { observedGeneration, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = object.status ?? {};
  if (!isObserved(object, observedGeneration))
    return { text: "Waiting for deployment spec update to be observed...", done: false };
  if (conditionOf(object, "Progressing")?.reason === "ProgressDeadlineExceeded")
    throw new Error(`deployment "${name}" exceeded its progress deadline`);
  const waiting = (what: string) => ({ text: `Waiting for deployment "${name}" rollout to finish: ${what}...`, done: false });
  if (object.spec.replicas !== undefined && updatedReplicas < object.spec.replicas)
    return waiting(`${updatedReplicas} out of ${object.spec.replicas} new replicas have been updated`);
  if (replicas > updatedReplicas) return waiting(`${replicas - updatedReplicas} old replicas are pending termination`);
  if (availableReplicas < updatedReplicas)
    return waiting(`${availableReplicas} of ${updatedReplicas} updated replicas are available`);
  return { text: `deployment "${name}" successfully rolled out`, done: true };
}
