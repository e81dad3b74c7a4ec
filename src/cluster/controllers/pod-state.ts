import { type Micros, SECOND } from "../../base/clock.ts";
import { parseRfc3339 } from "../../base/time.ts";
import { isPodReady } from "../../kinds/labels.ts";
import type { Condition, KubeObject } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Change } from "../apiserver/define.ts";

/** Whether all containers of a pod have ended for good. */
export function isFinished({ status }: Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** Whether a pod counts for its controller: neither finished nor being deleted (controller_utils IsPodActive, 1.35). */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && pod.metadata.deletionTimestamp === undefined;
}

/** Since when a pod is ready. */
export function readySince(pod: Pod): Micros | undefined {
  const ready = pod.status?.conditions?.find(({ type }) => type === "Ready");
  return ready?.status === "True" ? parseRfc3339(ready.lastTransitionTime ?? "") : undefined;
}

/** Whether a pod has been ready for so many seconds. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: Micros): boolean {
  if (!isPodReady(pod)) return false;
  if (minReadySeconds === 0) return true;
  const since = readySince(pod);
  return since !== undefined && since + minReadySeconds * SECOND <= now;
}

/** In how many seconds the next of the pods that are ready becomes available. */
export function nextAvailability(pods: readonly Pod[], minReadySeconds: number, now: Micros): number | undefined {
  if (minReadySeconds === 0) return undefined;
  let next: Micros | undefined;
  for (const pod of pods) {
    const since = readySince(pod);
    const at = since === undefined ? now : since + minReadySeconds * SECOND;
    if (at > now) next = Math.min(next ?? at, at);
  }
  return next === undefined ? undefined : (next - now) / SECOND;
}

/** Whether a change of a pod is one that its controller acts upon: what a kubelet reports beside that is dropped early. */
export function mattersToOwner(object: KubeObject, old: KubeObject | undefined, type: Change["type"]): boolean {
  if (!old || type === "DELETED") return true;
  const [pod, before] = [object as Pod, old as Pod];
  return (
    pod.metadata.deletionTimestamp !== before.metadata.deletionTimestamp ||
    pod.metadata.labels !== before.metadata.labels ||
    pod.metadata.ownerReferences !== before.metadata.ownerReferences ||
    pod.status?.phase !== before.status?.phase ||
    isPodReady(pod) !== isPodReady(before)
  );
}

/** A pod with a condition put in place of the one of its type; the same pod where it says nothing new. */
export function withPodCondition(pod: Pod, condition: Condition, now: string): Pod {
  const old = pod.status?.conditions?.find(({ type }) => type === condition.type);
  const same = old?.status === condition.status && old.reason === condition.reason && old.message === condition.message;
  if (same) return pod;
  const since = old?.status === condition.status ? (old.lastTransitionTime ?? now) : now;
  const next = { ...condition, lastProbeTime: null, lastTransitionTime: since };
  const others = pod.status?.conditions ?? [];
  const conditions = old ? others.map((other) => (other === old ? next : other)) : [...others, next];
  return { ...pod, status: { ...pod.status, conditions } };
}
