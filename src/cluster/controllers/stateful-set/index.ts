import { equal } from "../../../kinds/equal.ts";
import { matchesSelector } from "../../../kinds/label-selector.ts";
import { Status } from "../../../kinds/status.ts";
import type { KubeObject } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { ControllerRevision, StatefulSet } from "../../../kinds/types/workload.ts";
import type { Api } from "../../apiserver/define.ts";
import { claim } from "../claim.ts";
import type { Again, Controller, ControllerTools, Key, Sentence } from "../define.ts";
import { Orphans } from "../orphans.ts";
import { isAvailable, mattersToOwner, nextAvailability } from "../pod-state.ts";
import { forgetOld, type History, historyOf, kind } from "./history.ts";
import { isRunningAndReady, ordinalOf, revisionOf } from "./pods.ts";
import { type Step, takeStep } from "./step.ts";

interface Memory {
  readonly pods: Orphans<Pod>;
  readonly revisions: Orphans<ControllerRevision>;
}

/** Keeps the pods of a StatefulSet, each with its own name and claims (kubernetes pkg/controller/statefulset, 1.35). */
export const statefulSet: Controller = {
  name: "statefulset-controller",
  begin() {
    const memory: Memory = { pods: new Orphans(), revisions: new Orphans() };
    const sentence: Sentence<StatefulSet> = {
      for: "statefulsets.apps",
      owns: ["pods", "controllerrevisions.apps"],
      concernsOwner: mattersToOwner,
      watches: [
        {
          resource: "pods",
          keys: (pod, api, old, type) => (memory.pods.note(pod as Pod, old, type) ? adopters(api, pod) : []),
        },
        {
          resource: "controllerrevisions.apps",
          keys: (object, api, old, type) =>
            memory.revisions.note(object as ControllerRevision, old, type) ? adopters(api, object) : [],
        },
      ],
      concerns: (set, old, type) =>
        type === "ADDED" || set.spec !== old?.spec || set.metadata.deletionTimestamp !== old.metadata.deletionTimestamp,
      reconcile: (api, set, _key, tools) => (set ? reconcile(api, set, memory, tools) : undefined),
    };
    return [sentence];
  },
};

function adopters(api: Api, { metadata }: KubeObject): readonly Key[] {
  const sets = api.list<StatefulSet>("statefulsets.apps", metadata.namespace);
  return keysOf(sets.filter(({ spec }) => matchesSelector(spec.selector, metadata.labels)));
}

function keysOf(sets: readonly StatefulSet[]): readonly Key[] {
  return sets.map(({ metadata }) => ({ namespace: metadata.namespace ?? "", name: metadata.name }));
}

function reconcile(api: Api, set: StatefulSet, memory: Memory, tools: ControllerTools): Again | undefined {
  const history = historyOf(api, set, memory.revisions);
  if (!history) return undefined;
  const accepts = ({ metadata }: KubeObject) => ordinalOf(set, metadata.name) !== undefined;
  const claimer = { owner: set, kind, selector: set.spec.selector, accepts };
  claim<Pod>(api, "pods", claimer, memory.pods);
  const step: Step = { api, set, history, now: tools.clock.now };
  let failed: Status | undefined;
  if (!set.metadata.deletionTimestamp) {
    try {
      takeStep(step, podsOf(api, set));
    } catch (error) {
      if (!(error instanceof Status)) throw error;
      failed = error;
    }
  }
  const pods = podsOf(api, set);
  const current = report(step, pods) ? history.update : history.current;
  forgetOld(api, set, { ...history, current }, pods);
  if (failed) throw failed;
  // Nothing tells when a claim of an earlier pod is gone.
  if (step.waitsForClaim) return { againIn: 1 };
  const next = nextAvailability(pods, set.spec.minReadySeconds ?? 0, tools.clock.now);
  return next === undefined ? undefined : { againIn: next };
}

/** A list of its own: the index changes as pods do. */
function podsOf(api: Api, set: StatefulSet): readonly Pod[] {
  const owned = api.indexed<Pod>("pods", "owner", set.metadata.uid ?? "");
  return owned.filter(({ metadata }) => ordinalOf(set, metadata.name) !== undefined);
}

/** Writes the status; tells whether an update has reached all pods and is over (completeRollingUpdate, 1.35). */
function report({ api, set, history, now }: Step, pods: readonly Pod[]): boolean {
  const status = statusOf(set, history, pods, now);
  if (!equal(status, set.status)) api.modify<StatefulSet>(set, (current) => ({ ...current, status }), "status");
  return status.currentRevision === status.updateRevision;
}

function statusOf(
  { metadata, spec, status: known }: StatefulSet,
  { current, update }: History,
  pods: readonly Pod[],
  now: number,
): NonNullable<StatefulSet["status"]> {
  const counts = { ready: 0, available: 0, current: 0, updated: 0 };
  for (const pod of pods) {
    if (isRunningAndReady(pod)) counts.ready++;
    if (isRunningAndReady(pod) && isAvailable(pod, spec.minReadySeconds ?? 0, now)) counts.available++;
    if (pod.metadata.deletionTimestamp) continue;
    if (revisionOf(pod) === current.metadata.name) counts.current++;
    if (revisionOf(pod) === update.metadata.name) counts.updated++;
  }
  const all = [counts.updated, counts.ready, pods.length].every((count) => count === (spec.replicas ?? 1));
  const isOver = all && spec.updateStrategy?.type === "RollingUpdate";
  const currentReplicas = isOver ? counts.updated : counts.current;
  return {
    ...(metadata.generation ? { observedGeneration: metadata.generation } : {}),
    replicas: pods.length,
    ...(counts.ready ? { readyReplicas: counts.ready } : {}),
    ...(currentReplicas ? { currentReplicas } : {}),
    ...(counts.updated ? { updatedReplicas: counts.updated } : {}),
    currentRevision: (isOver ? update : current).metadata.name,
    updateRevision: update.metadata.name,
    collisionCount: known?.collisionCount ?? 0,
    availableReplicas: counts.available,
  };
}
