import { equal } from "../../../kinds/equal.ts";
import type { Deployment, ReplicaSet } from "../../../kinds/types/workload.ts";
import type { Api } from "../../apiserver/define.ts";
import { DESIRED, MOST, numberIn, withSizes } from "./annotations.ts";
import { boundsOf } from "./bounds.ts";

/** A Deployment with its ReplicaSets, oldest first; those that are scaled are replaced in it. */
export interface Family {
  readonly deployment: Deployment;
  current: ReplicaSet | undefined;
  old: readonly ReplicaSet[];
}

export const sizeOf = ({ spec }: ReplicaSet): number => spec.replicas ?? 0;

export function all({ current, old }: Family): readonly ReplicaSet[] {
  return current ? [...old, current] : old;
}

export function sum(sets: readonly ReplicaSet[], amount: (rs: ReplicaSet) => number): number {
  return sets.reduce((total, rs) => total + amount(rs), 0);
}

/** Gives a ReplicaSet another size, with an event on the Deployment. True when it changed. */
export function scaleTo(api: Api, family: Family, rs: ReplicaSet, size: number): boolean {
  const { deployment } = family;
  const wanted = deployment.spec.replicas ?? 0;
  const from = sizeOf(rs);
  const annotations = withSizes(rs.metadata.annotations, wanted, wanted + boundsOf(deployment).surge);
  if (from === size && equal(annotations, rs.metadata.annotations)) return false;
  const scaled = api.modify<ReplicaSet>(rs, (now) => ({
    ...now,
    metadata: { ...now.metadata, annotations: { ...now.metadata.annotations, ...annotations } },
    spec: { ...now.spec, replicas: size },
  }));
  if (!scaled) return false;
  if (family.current === rs) family.current = scaled;
  else family.old = family.old.map((other) => (other === rs ? scaled : other));
  if (from === size) return false;
  const way = size > from ? "up" : "down";
  const message = `Scaled ${way} replica set ${rs.metadata.name} from ${from} to ${size}`;
  api.event(deployment, { type: "Normal", reason: "ScalingReplicaSet", message });
  return true;
}

/** Whether the Deployment's number of replicas was changed since its ReplicaSets were last scaled. */
export function isScaling(family: Family): boolean {
  return all(family).some((rs) => {
    const desired = sizeOf(rs) > 0 ? numberIn(rs, DESIRED) : undefined;
    return desired !== undefined && desired !== (family.deployment.spec.replicas ?? 0);
  });
}

/**
 * Makes the ReplicaSets as many together as the Deployment says, in the middle of a rollout each by its share
 * (deployment/sync.go scale, 1.35).
 */
export function scale(api: Api, family: Family): void {
  const { deployment, current, old } = family;
  const wanted = deployment.spec.replicas ?? 0;
  const active = all(family).filter((rs) => sizeOf(rs) > 0);
  const only = active.length === 0 ? (current ?? old.at(-1)) : active.length === 1 ? active[0] : undefined;
  if (active.length < 2) {
    if (only && sizeOf(only) !== wanted) scaleTo(api, family, only, wanted);
    return;
  }
  if (current && isSaturated(current, wanted)) {
    for (const rs of old.filter((other) => sizeOf(other) > 0)) scaleTo(api, family, rs, 0);
    return;
  }
  if (deployment.spec.strategy?.type !== "Recreate") scaleByShare(api, family, active);
}

function isSaturated(rs: ReplicaSet, wanted: number): boolean {
  return sizeOf(rs) === wanted && numberIn(rs, DESIRED) === wanted && (rs.status?.availableReplicas ?? 0) === wanted;
}

function scaleByShare(api: Api, family: Family, active: readonly ReplicaSet[]): void {
  const wanted = family.deployment.spec.replicas ?? 0;
  const allowed = wanted > 0 ? wanted + boundsOf(family.deployment).surge : 0;
  const change = allowed - sum(active, sizeOf);
  // The largest first; of equal ones the newest when more are wanted, else the oldest.
  const newerFirst = change > 0 ? -1 : 1;
  const order = active
    .map((rs, age) => ({ rs, age }))
    .sort((a, b) => sizeOf(b.rs) - sizeOf(a.rs) || newerFirst * (a.age - b.age));
  let given = 0;
  const sizes = order.map(({ rs }) => {
    const part = change === 0 ? 0 : shareFor(rs, family.deployment, change, given);
    given += part;
    return sizeOf(rs) + part;
  });
  if (change !== 0) sizes[0] = Math.max(0, (sizes[0] ?? 0) + change - given);
  order.forEach(({ rs }, place) => {
    scaleTo(api, family, rs, sizes[place] ?? 0);
  });
}

function shareFor(rs: ReplicaSet, deployment: Deployment, change: number, given: number): number {
  const left = change - given;
  if (left === 0) return 0;
  const share = ownShare(rs, deployment);
  return change > 0 ? Math.min(share, left) : Math.max(share, left);
}

/** By how much a ReplicaSet grows if it keeps its share of all pods that are allowed. */
function ownShare(rs: ReplicaSet, deployment: Deployment): number {
  const wanted = deployment.spec.replicas ?? 0;
  if (wanted === 0) return -sizeOf(rs);
  const before = numberIn(rs, MOST) || deployment.status?.replicas || 0;
  if (before === 0) return 0;
  return roundAway((sizeOf(rs) * (wanted + boundsOf(deployment).surge)) / before) - sizeOf(rs);
}

/** Half is rounded away from zero. */
function roundAway(value: number): number {
  return value < 0 ? Math.ceil(value - 0.5) : Math.floor(value + 0.5);
}
