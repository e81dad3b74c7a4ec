import { rfc3339 } from "../../base/time.ts";
import { equal } from "../../kinds/equal.ts";
import { matchesLabels, matchesSelector } from "../../kinds/label-selector.ts";
import { conditionOf, controllerOf, isPodReady, ownerReference } from "../../kinds/labels.ts";
import type { Status } from "../../kinds/status.ts";
import type { Condition } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { ReplicaSet } from "../../kinds/types/workload.ts";
import type { Api } from "../apiserver/define.ts";
import { claim } from "./claim.ts";
import type { Again, Controller, ControllerTools, Sentence } from "./define.ts";
import { Orphans } from "./orphans.ts";
import { createPod, deletePod, podOf, slowStart } from "./pod-control.ts";
import { isActive, isAvailable, isFinished, mattersToOwner, nextAvailability } from "./pod-state.ts";
import { deletionOrder } from "./replica-set-order.ts";

const kind = { group: "apps", version: "v1", kind: "ReplicaSet" };
/** At most so many pods are made or deleted at one look (replica_set.go BurstReplicas, 1.35). */
const BURST = 500;

/** Keeps as many pods of a ReplicaSet alive as it asks for (kubernetes pkg/controller/replicaset, 1.35). */
export const replicaSet: Controller = {
  name: "replicaset-controller",
  begin() {
    const orphans = new Orphans<Pod>();
    const sentence: Sentence<ReplicaSet> = {
      for: "replicasets.apps",
      owns: ["pods"],
      concernsOwner: mattersToOwner,
      watches: [
        {
          resource: "pods",
          keys: (pod, api, old, type) => (orphans.note(pod as Pod, old, type) ? adopters(api, pod as Pod) : []),
        },
      ],
      concerns: (rs, old, type) =>
        type === "ADDED" || rs.spec !== old?.spec || rs.metadata.deletionTimestamp !== old.metadata.deletionTimestamp,
      reconcile: (api, rs, _key, tools) => (rs ? reconcile(api, rs, orphans, tools) : undefined),
    };
    return [sentence];
  },
};

function adopters(api: Api, pod: Pod) {
  const { namespace = "", labels } = pod.metadata;
  return api
    .list<ReplicaSet>("replicasets.apps", namespace)
    .filter(({ spec }) => matchesSelector(spec.selector, labels))
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

function reconcile(api: Api, rs: ReplicaSet, orphans: Orphans<Pod>, tools: ControllerTools): Again | undefined {
  const claimer = { owner: rs, kind, selector: rs.spec.selector };
  let { active, terminating } = census(claim<Pod>(api, "pods", claimer, orphans));
  let failed: Status | undefined;
  const missing = (rs.spec.replicas ?? 1) - active.length;
  if (!rs.metadata.deletionTimestamp && missing !== 0) {
    failed = missing > 0 ? createPods(api, rs, missing) : deletePods(api, rs, active, -missing, tools);
    ({ active, terminating } = census(api.indexed<Pod>("pods", "owner", rs.metadata.uid ?? "")));
  }
  report(api, rs, active, terminating, failed && failure(failed, missing), tools);
  if (failed) throw failed;
  const next = nextAvailability(active, rs.spec.minReadySeconds ?? 0, tools.clock.now);
  if (Math.abs(missing) > BURST) return { againIn: 0 };
  return next === undefined ? undefined : { againIn: next };
}

/** The pods that count, and how many are ending. */
function census(pods: readonly Pod[]): { active: readonly Pod[]; terminating: number } {
  const active: Pod[] = [];
  let terminating = 0;
  for (const pod of pods)
    if (isFinished(pod)) continue;
    else if (pod.metadata.deletionTimestamp === undefined) active.push(pod);
    else terminating++;
  return { active, terminating };
}

function createPods(api: Api, rs: ReplicaSet, missing: number): Status | undefined {
  const reference = ownerReference(rs, kind);
  return slowStart(Math.min(missing, BURST), () => createPod(api, rs, podOf(rs.spec.template, rs, reference)));
}

function deletePods(
  api: Api,
  rs: ReplicaSet,
  active: readonly Pod[],
  surplus: number,
  tools: ControllerTools,
): Status | undefined {
  const count = Math.min(surplus, BURST);
  const neighbours = count < active.length ? relatedByNode(api, rs) : new Map<string, number>();
  const crowd = (pod: Pod) => neighbours.get(pod.spec.nodeName ?? "") ?? 0;
  const order = count < active.length ? deletionOrder(active, crowd, tools.clock.now) : active;
  const doomed = order.slice(0, count);
  let failed: Status | undefined;
  for (const pod of doomed) failed ??= slowStart(1, () => deletePod(api, rs, pod));
  return failed;
}

/** How many active pods of this ReplicaSet, and of others of its Deployment, each node has. */
function relatedByNode(api: Api, rs: ReplicaSet): Map<string, number> {
  const owner = controllerOf(rs);
  const related = owner ? api.indexed<ReplicaSet>("replicasets.apps", "owner", owner.uid) : [rs];
  const counts = new Map<string, number>();
  for (const { metadata } of related)
    for (const pod of api.indexed<Pod>("pods", "owner", metadata.uid ?? ""))
      if (isActive(pod) && pod.spec.nodeName) counts.set(pod.spec.nodeName, (counts.get(pod.spec.nodeName) ?? 0) + 1);
  return counts;
}

function failure({ message }: Status, missing: number): Condition {
  return { type: "ReplicaFailure", status: "True", reason: missing > 0 ? "FailedCreate" : "FailedDelete", message };
}

function report(
  api: Api,
  rs: ReplicaSet,
  active: readonly Pod[],
  terminatingReplicas: number,
  failed: Condition | undefined,
  { clock }: ControllerTools,
): void {
  const { minReadySeconds = 0, template } = rs.spec;
  const [labels, now] = [template.metadata?.labels, clock.now];
  let [labelled, ready, available] = [0, 0, 0];
  for (const pod of active) {
    if (matchesLabels(labels, pod.metadata.labels)) labelled++;
    if (!isPodReady(pod)) continue;
    ready++;
    if (isAvailable(pod, minReadySeconds, now)) available++;
  }
  const others = rs.status?.conditions?.filter(({ type }) => type !== "ReplicaFailure") ?? [];
  const known = conditionOf(rs, "ReplicaFailure");
  const said = failed && (known ?? { ...failed, lastTransitionTime: rfc3339(now) });
  const conditions = said ? [...others, said] : others;
  const status: ReplicaSet["status"] = {
    replicas: active.length,
    ...(labelled ? { fullyLabeledReplicas: labelled } : {}),
    ...(ready ? { readyReplicas: ready } : {}),
    ...(available ? { availableReplicas: available } : {}),
    terminatingReplicas,
    ...(rs.metadata.generation ? { observedGeneration: rs.metadata.generation } : {}),
    ...(conditions.length > 0 ? { conditions } : {}),
  };
  if (!equal(status, rs.status)) api.modify<ReplicaSet>(rs, (current) => ({ ...current, status }), "status");
}
