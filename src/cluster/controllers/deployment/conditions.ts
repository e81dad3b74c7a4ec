import { type Micros, SECOND } from "../../../base/clock.ts";
import { parseRfc3339, rfc3339 } from "../../../base/time.ts";
import { conditionOf } from "../../../kinds/labels.ts";
import type { Condition } from "../../../kinds/types/meta.ts";
import type { Deployment } from "../../../kinds/types/workload.ts";

export type DeploymentStatus = NonNullable<Deployment["status"]>;

/** A condition as it is said now. */
export function said(
  type: string,
  status: Condition["status"],
  reason: string,
  message: string,
  now: Micros,
): Condition {
  const time = rfc3339(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}

/**
 * The conditions with one put in; what says the same as before stays as it was. The new one stands last
 * (deployment_util.go SetDeploymentCondition, 1.35).
 */
export function withCondition(conditions: readonly Condition[], next: Condition): Condition[] {
  const old = conditions.find(({ type }) => type === next.type);
  if (old?.status === next.status && old.reason === next.reason) return [...conditions];
  const kept = old?.status === next.status ? { ...next, lastTransitionTime: old.lastTransitionTime ?? null } : next;
  return [...conditions.filter(({ type }) => type !== next.type), kept];
}

/** progressDeadlineSeconds, where one is set: the largest number means none. */
export function deadlineOf({ spec }: Deployment): number | undefined {
  const { progressDeadlineSeconds: seconds } = spec;
  return seconds === undefined || seconds === 2147483647 ? undefined : seconds;
}

/** Whether a rollout is over: all pods are new and available. */
export function isComplete({ spec, metadata }: Deployment, status: DeploymentStatus): boolean {
  const replicas = spec.replicas ?? 0;
  return (
    (status.updatedReplicas ?? 0) === replicas &&
    (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (metadata.generation ?? 0)
  );
}

function isProgressing(old: DeploymentStatus, { replicas = 0, updatedReplicas = 0, ...next }: DeploymentStatus) {
  return (
    updatedReplicas > (old.updatedReplicas ?? 0) ||
    replicas - updatedReplicas < (old.replicas ?? 0) - (old.updatedReplicas ?? 0) ||
    (next.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
    (next.availableReplicas ?? 0) > (old.availableReplicas ?? 0)
  );
}

/** When a rollout without progress times out, if it can. */
export function deadline(object: Deployment, condition: Condition | undefined): Micros | undefined {
  const seconds = deadlineOf(object);
  const from = parseRfc3339(condition?.lastUpdateTime ?? "");
  return seconds === undefined || from === undefined ? undefined : from + seconds * SECOND;
}

/** The conditions with what there is to say about progress (deployment/progress.go syncRolloutStatus, 1.35). */
export function withProgress(
  object: Deployment,
  status: DeploymentStatus,
  newReplicaSet: string | undefined,
  now: Micros,
): Condition[] {
  const conditions = status.conditions ?? [];
  if (deadlineOf(object) === undefined) return conditions.filter(({ type }) => type !== "Progressing");
  const old = object.status ?? {};
  const current = conditions.find(({ type }) => type === "Progressing");
  const what = newReplicaSet === undefined ? `Deployment "${object.metadata.name}"` : `ReplicaSet "${newReplicaSet}"`;
  const settled =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === "NewReplicaSetAvailable";
  if (settled) return conditions;
  const progressing = (value: Condition["status"], reason: string, message: string) =>
    said("Progressing", value, reason, message, now);
  if (isComplete(object, status)) {
    const message = `${what} has successfully progressed.`;
    return withCondition(conditions, progressing("True", "NewReplicaSetAvailable", message));
  }
  if (isProgressing(old, status)) {
    const next = progressing("True", "ReplicaSetUpdated", `${what} is progressing.`);
    if (current?.status === "True") next.lastTransitionTime = current.lastTransitionTime ?? null;
    return [...conditions.filter(({ type }) => type !== "Progressing"), next];
  }
  if (hasTimedOut(object, current, now)) {
    const message = `${what} has timed out progressing.`;
    return withCondition(conditions, progressing("False", "ProgressDeadlineExceeded", message));
  }
  return conditions;
}

function hasTimedOut(object: Deployment, current: Condition | undefined, now: Micros): boolean {
  if (!current || current.reason === "NewReplicaSetAvailable") return false;
  if (current.reason === "ProgressDeadlineExceeded") return true;
  const at = deadline(object, current);
  return at !== undefined && at < now;
}

/** The conditions with what a pause says, or its end (deployment/sync.go checkPausedConditions, 1.35). */
export function withPause(object: Deployment, conditions: readonly Condition[], now: Micros): readonly Condition[] {
  if (deadlineOf(object) === undefined) return conditions;
  const current = conditionOf(object, "Progressing");
  if (current?.reason === "ProgressDeadlineExceeded") return conditions;
  const paused = current?.reason === "DeploymentPaused";
  const next = (reason: string, message: string) =>
    withCondition(conditions, said("Progressing", "Unknown", reason, message, now));
  if (object.spec.paused && !paused) return next("DeploymentPaused", "Deployment is paused");
  if (!object.spec.paused && paused) return next("DeploymentResumed", "Deployment is resumed");
  return conditions;
}
