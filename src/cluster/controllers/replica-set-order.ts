import { type Micros, SECOND } from "../../base/clock.ts";
import { parseRfc3339 } from "../../base/time.ts";
import { isPodReady } from "../../kinds/labels.ts";
import type { ContainerStatus, Pod } from "../../kinds/types/pod.ts";
import { readySince } from "./pod-state.ts";

const phases: Readonly<Record<string, number>> = { Pending: 0, Unknown: 1, Running: 2 };

/**
 * The order in which a ReplicaSet gives up its pods: those first that are the least loss (controller_utils.go
 * ActivePodsWithRanks, 1.35). `neighbours`: how many related pods are on the pod's node.
 */
export function deletionOrder(pods: readonly Pod[], neighbours: (pod: Pod) => number, now: Micros): Pod[] {
  return pods.toSorted((a, b) => {
    const [placedA, placedB] = [a.spec.nodeName ? 1 : 0, b.spec.nodeName ? 1 : 0];
    if (placedA !== placedB) return placedA - placedB;
    const phase = phaseRank(a) - phaseRank(b);
    if (phase !== 0) return phase;
    const [readyA, readyB] = [isPodReady(a), isPodReady(b)];
    if (readyA !== readyB) return readyA ? 1 : -1;
    const cost = deletionCost(a) - deletionCost(b);
    if (cost !== 0) return cost;
    const crowd = neighbours(b) - neighbours(a);
    if (crowd !== 0) return crowd;
    if (readyA && readyB) {
      const age = compareAges(readySince(a), readySince(b), a, b, now);
      if (age !== 0) return age;
    }
    const restarts = compareRestarts(a, b);
    if (restarts !== 0) return restarts;
    return compareAges(createdAt(a), createdAt(b), a, b, now);
  });
}

function phaseRank({ status }: Pod): number {
  return phases[status?.phase ?? "Pending"] ?? 0;
}

/** controller.kubernetes.io/pod-deletion-cost, 0 where it is no whole number. */
function deletionCost({ metadata }: Pod): number {
  const text = metadata.annotations?.["controller.kubernetes.io/pod-deletion-cost"] ?? "0";
  return /^(0|-?[1-9]\d*)$/.test(text) ? Number(text) : 0;
}

/** Younger first, by the order of magnitude only: within one the uid decides (LogarithmicScaleDown, 1.35). */
function compareAges(atA: Micros | undefined, atB: Micros | undefined, a: Pod, b: Pod, now: Micros): number {
  if (atA === atB) return 0;
  if (atA === undefined || atB === undefined) return atA === undefined ? -1 : 1;
  const rank = magnitude(now - atA) - magnitude(now - atB);
  return rank !== 0 ? rank : (a.metadata.uid ?? "") < (b.metadata.uid ?? "") ? -1 : 1;
}

function magnitude(age: Micros): number {
  return age > 0 ? Math.trunc(Math.log2((age / SECOND) * 1e9)) : -1;
}

/** The one whose containers restart more goes first; where these are equal its sidecars tell (compareMaxContainerRestarts, 1.35). */
function compareRestarts(a: Pod, b: Pod): number {
  return (
    most(b.status?.containerStatuses) - most(a.status?.containerStatuses) || sidecarRestarts(b) - sidecarRestarts(a)
  );
}

function sidecarRestarts({ spec, status }: Pod): number {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  return most(status?.initContainerStatuses?.filter(({ name }) => sidecars.some((one) => one.name === name)));
}

function most(statuses: readonly ContainerStatus[] = []): number {
  return Math.max(0, ...statuses.map(({ restartCount }) => restartCount));
}

function createdAt({ metadata }: Pod): Micros | undefined {
  return parseRfc3339(metadata.creationTimestamp ?? "");
}
