import type { Pod } from "../../../kinds/types/pod.ts";
import type { StatefulSet } from "../../../kinds/types/workload.ts";
import type { Api } from "../../apiserver/define.ts";
import { slowStart } from "../pod-control.ts";
import { isAvailable, isFinished } from "../pod-state.ts";
import { shareOf } from "../share.ts";
import { createClaims, hasStaleClaim, ownClaims } from "./claims.ts";
import type { History } from "./history.ts";
import {
  createAt,
  deleteOne,
  isRunningAndReady,
  isUnavailable,
  ordinalOf,
  restoreIdentity,
  revisionOf,
  startOf,
} from "./pods.ts";

/** One look at a StatefulSet. */
export interface Step {
  readonly api: Api;
  readonly set: StatefulSet;
  readonly history: History;
  readonly now: number;
  /** A claim has to go before its pod can be made anew. */
  waitsForClaim?: boolean;
}

/** Those within the range of numbers, by place, and the others, the highest number first. */
interface Sorted {
  readonly replicas: (Pod | undefined)[];
  readonly condemned: Pod[];
}

function sorted(set: StatefulSet, pods: readonly Pod[]): Sorted {
  const replicas: (Pod | undefined)[] = Array.from({ length: set.spec.replicas ?? 1 });
  const condemned: Pod[] = [];
  const ordinal = (pod: Pod) => ordinalOf(set, pod.metadata.name) ?? 0;
  for (const pod of pods) {
    const place = ordinal(pod) - startOf(set);
    if (place >= 0 && place < replicas.length) replicas[place] = pod;
    else condemned.push(pod);
  }
  return { replicas, condemned: condemned.sort((a, b) => ordinal(b) - ordinal(a)) };
}

/**
 * Creates, deletes or replaces what is next: one pod after the other, or with Parallel all that is to be done at once
 * (stateful_set_control.go updateStatefulSet, 1.35). Scaling goes before updating.
 */
export function takeStep(step: Step, pods: readonly Pod[]): void {
  const { set } = step;
  const all = sorted(set, pods);
  const inOrder = set.spec.podManagementPolicy !== "Parallel";
  if (forAll(inOrder, all.replicas.length, (place) => tend(step, all, place, inOrder))) return;
  const { condemned } = all;
  for (const pod of condemned) ownClaims(step.api, set, pod, ordinalOf(set, pod.metadata.name) ?? 0, false);
  const sick = firstUnavailable(step, all);
  if (forAll(inOrder, condemned.length, (i) => giveUp(step, condemned[i] as Pod, sick, inOrder))) return;
  if (set.spec.updateStrategy?.type !== "OnDelete") update(step, all.replicas);
}

/** One after the other until something has to be waited for, or all; tells whether to stop here. */
function forAll(inOrder: boolean, count: number, attend: (index: number) => boolean): boolean {
  if (inOrder) {
    for (let i = 0; i < count; i++) if (attend(i)) return true;
    return false;
  }
  const failed = slowStart(count, attend);
  if (failed) throw failed;
  return false;
}

/** Sees to one place; tells whether those behind it have to wait. */
function tend(step: Step, { replicas }: Sorted, place: number, inOrder: boolean): boolean {
  const { api, set, history, now } = step;
  const ordinal = startOf(set) + place;
  const pod = replicas[place];
  if (!pod) {
    if (hasStaleClaim(api, set, ordinal)) {
      step.waitsForClaim = true;
      return true;
    }
    createAt(api, set, ordinal, history);
    return inOrder;
  }
  const isEnding = pod.metadata.deletionTimestamp !== undefined;
  if (isFinished(pod)) {
    if (!isEnding) deleteOne(api, set, pod);
    return true;
  }
  if (pod.status?.phase === "Pending" && !isEnding) createClaims(api, set, pod.metadata.name, ordinal);
  if (inOrder && isEnding) return true;
  if (inOrder && !(isRunningAndReady(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, now))) return true;
  restoreIdentity(api, set, pod, ordinal);
  ownClaims(api, set, pod, ordinal, true);
  return false;
}

function firstUnavailable({ set, now }: Step, { replicas, condemned }: Sorted): Pod | "missing" | undefined {
  for (const pod of replicas) if (isUnavailable(pod, set, now)) return pod ?? "missing";
  return condemned.findLast((pod) => isUnavailable(pod, set, now));
}

/** Deletes a pod beyond the range; in order, the one before has to be gone and this one well, or the only sick one. */
function giveUp({ api, set, now }: Step, pod: Pod, sick: Pod | "missing" | undefined, inOrder: boolean): boolean {
  if (pod.metadata.deletionTimestamp) return inOrder;
  const isWell = isRunningAndReady(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, now);
  if (inOrder && !isWell && pod !== sick) return true;
  deleteOne(api, set, pod);
  return inOrder;
}

/** Deletes pods of old revisions from the highest number on, so that at most maxUnavailable are missing. */
function update({ api, set, history, now }: Step, replicas: readonly (Pod | undefined)[]): void {
  const { partition = 0, maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {};
  const most = Math.max(1, shareOf(maxUnavailable, replicas.length, "down"));
  const missing = replicas.filter((pod) => isUnavailable(pod, set, now)).length;
  let left = most - missing;
  for (let place = replicas.length - 1; place >= partition && left > 0; place--) {
    const pod = replicas[place];
    if (!pod || revisionOf(pod) === history.update.metadata.name || pod.metadata.deletionTimestamp) continue;
    deleteOne(api, set, pod);
    left--;
  }
}
