import { rfc3339 } from "../../base/time.ts";
import type { Kind } from "../../kinds/define.ts";
import { equal } from "../../kinds/equal.ts";
import { matchesLabels, matchesSelector } from "../../kinds/label-selector.ts";
import { conditionOf, controllerOf, isPodReady, ownerReference } from "../../kinds/labels.ts";
import type { Status } from "../../kinds/status.ts";
import type { Condition, LabelSelector } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { ReplicaSet, ReplicationController } from "../../kinds/types/workload.ts";
import type { Api } from "../apiserver/define.ts";
import { claim } from "./claim.ts";
import type { Again, ControllerTools, Sentence } from "./define.ts";
import { Orphans } from "./orphans.ts";
import { createPod, deletePod, podOf, slowStart } from "./pod-control.ts";
import { isActive, isAvailable, isFinished, mattersToOwner, nextAvailability } from "./pod-state.ts";
import { deletionOrder } from "./replica-set-order.ts";

/** At most so many pods are made or deleted at one look (replica_set.go BurstReplicas, 1.35). */
const BURST = 500;

/** Whose pods are kept: a ReplicaSet's or a ReplicationController's. Only the former counts pods that are ending. */
export interface Keeper {
  readonly resource: string;
  readonly kind: Pick<Kind, "group" | "version" | "kind">;
  readonly countsTerminating: boolean;
}

/** Keeps as many pods alive as an object asks for (kubernetes pkg/controller/replicaset, 1.35). */
export function keepReplicas(keeper: Keeper): Sentence<Replicated> {
  const orphans = new Orphans<Pod>();
  return {
    for: keeper.resource,
    owns: ["pods"],
    concernsOwner: mattersToOwner,
    watches: [
      {
        resource: "pods",
        keys: (pod, api, old, type) => (orphans.note(pod as Pod, old, type) ? adopters(api, keeper, pod as Pod) : []),
      },
    ],
    concerns: (rs, old, type) =>
      type === "ADDED" || rs.spec !== old?.spec || rs.metadata.deletionTimestamp !== old.metadata.deletionTimestamp,
    reconcile: (api, rs, _key, tools) => (rs ? reconcile(api, keeper, rs, orphans, tools) : undefined),
  };
}

/** What has replicas of one template, with a selector or a plain map of labels. */
type Replicated = ReplicaSet | ReplicationController;

function selectorOf({ spec }: Replicated): LabelSelector {
  const { selector = {} } = spec;
  const plain = "matchLabels" in selector || "matchExpressions" in selector ? undefined : selector;
  return plain ? { matchLabels: plain as Record<string, string> } : (selector as LabelSelector);
}

function adopters(api: Api, { resource }: Keeper, pod: Pod) {
  const { namespace = "", labels } = pod.metadata;
  return api
    .list<Replicated>(resource, namespace)
    .filter((rs) => matchesSelector(selectorOf(rs), labels))
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

function reconcile(
  api: Api,
  keeper: Keeper,
  rs: Replicated,
  orphans: Orphans<Pod>,
  tools: ControllerTools,
): Again | undefined {
  const claimer = { owner: rs, kind: keeper.kind, selector: selectorOf(rs) };
  let { active, terminating } = census(claim<Pod>(api, "pods", claimer, orphans));
  let failed: Status | undefined;
  const missing = (rs.spec.replicas ?? 1) - active.length;
  if (!rs.metadata.deletionTimestamp && missing !== 0) {
    failed = missing > 0 ? createPods(api, keeper, rs, missing) : deletePods(api, keeper, rs, active, -missing, tools);
    ({ active, terminating } = census(api.indexed<Pod>("pods", "owner", rs.metadata.uid ?? "")));
  }
  const ending = keeper.countsTerminating ? { terminatingReplicas: terminating } : {};
  report(api, rs, active, ending, failed && failure(failed, missing), tools);
  if (failed) throw failed;
  const next = nextAvailability(active, rs.spec.minReadySeconds ?? 0, tools.clock.now);
  if (Math.abs(missing) > BURST) return { againIn: 0 };
  return next === undefined ? undefined : { againIn: next };
}

/** The pods that count, and how many are ending. */
function census(pods: readonly Pod[]): { active: readonly Pod[]; terminating: number } {
  const active: Pod[] = [];
  let terminating = 0;
  for (let i = 0; i < pods.length; i++) {
    const pod = pods[i];
    if (!pod || isFinished(pod)) continue;
    if (pod.metadata.deletionTimestamp === undefined) active.push(pod);
    else terminating++;
  }
  return { active, terminating };
}

function createPods(api: Api, { kind }: Keeper, rs: Replicated, missing: number): Status | undefined {
  const reference = ownerReference(rs, kind);
  return slowStart(Math.min(missing, BURST), () => createPod(api, rs, podOf(rs.spec.template, rs, reference)));
}

function deletePods(
  api: Api,
  keeper: Keeper,
  rs: Replicated,
  active: readonly Pod[],
  surplus: number,
  tools: ControllerTools,
): Status | undefined {
  const count = Math.min(surplus, BURST);
  const neighbours = count < active.length ? relatedByNode(api, keeper, rs) : new Map<string, number>();
  const crowd = (pod: Pod) => neighbours.get(pod.spec.nodeName ?? "") ?? 0;
  const order = count < active.length ? deletionOrder(active, crowd, tools.clock.now) : active;
  const doomed = order.slice(0, count);
  let failed: Status | undefined;
  for (const pod of doomed) failed ??= slowStart(1, () => deletePod(api, rs, pod));
  return failed;
}

/**
 * How many active pods of this object, and of others of its Deployment, each node has. One that belongs to nobody does
 * not look at nodes (replica_set.go getReplicaSetsWithSameController, 1.35).
 */
function relatedByNode(api: Api, { resource }: Keeper, rs: Replicated): Map<string, number> {
  const owner = controllerOf(rs);
  const counts = new Map<string, number>();
  if (!owner) return counts;
  for (const { metadata } of api.indexed(resource, "owner", owner.uid))
    for (const pod of api.indexed<Pod>("pods", "owner", metadata.uid ?? ""))
      if (isActive(pod) && pod.spec.nodeName) counts.set(pod.spec.nodeName, (counts.get(pod.spec.nodeName) ?? 0) + 1);
  return counts;
}

function failure({ message }: Status, missing: number): Condition {
  return { type: "ReplicaFailure", status: "True", reason: missing > 0 ? "FailedCreate" : "FailedDelete", message };
}

function report(
  api: Api,
  rs: Replicated,
  active: readonly Pod[],
  ending: { readonly terminatingReplicas?: number },
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
    ...ending,
    ...(rs.metadata.generation ? { observedGeneration: rs.metadata.generation } : {}),
    ...(conditions.length > 0 ? { conditions } : {}),
  };
  if (!equal(status, rs.status)) api.modify<Replicated>(rs, (current) => ({ ...current, status }), "status");
}
