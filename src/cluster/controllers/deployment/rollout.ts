import type { Pod } from "../../../kinds/types/pod.ts";
import type { ReplicaSet } from "../../../kinds/types/workload.ts";
import type { Api } from "../../apiserver/define.ts";
import { isFinished } from "../pod-state.ts";
import { boundsOf } from "./bounds.ts";
import { all, type Family, scaleTo, sizeOf, sum } from "./scaling.ts";

const availableIn = ({ status }: ReplicaSet): number => status?.availableReplicas ?? 0;

/** How many pods a new ReplicaSet may have now (deployment_util.go NewRSNewReplicas, 1.35). */
export function sizeOfNew({ deployment, old, current }: Family): number {
  const wanted = deployment.spec.replicas ?? 0;
  if (deployment.spec.strategy?.type === "Recreate") return wanted;
  const own = current ? sizeOf(current) : 0;
  const room = wanted + boundsOf(deployment).surge - sum(old, sizeOf) - own;
  return room <= 0 ? own : own + Math.min(room, wanted - own);
}

/** One step of a rolling update; true when something was scaled (deployment/rolling.go, 1.35). */
export function rollOn(api: Api, family: Family): boolean {
  const { current, deployment } = family;
  if (!current) return false;
  const wanted = deployment.spec.replicas ?? 0;
  const size = sizeOf(current) > wanted ? wanted : sizeOf(current) === wanted ? wanted : sizeOfNew(family);
  if (size !== sizeOf(current) && scaleTo(api, family, current, size)) return true;
  return scaleDownOld(api, family);
}

function scaleDownOld(api: Api, family: Family): boolean {
  const { deployment, current } = family;
  const active = family.old.filter((rs) => sizeOf(rs) > 0);
  if (active.length === 0 || !current) return false;
  const least = (deployment.spec.replicas ?? 0) - boundsOf(deployment).unavailable;
  const unavailable = sizeOf(current) - availableIn(current);
  const room = sum(all(family), sizeOf) - least - unavailable;
  if (room <= 0) return false;
  // Pods that do not work anyway go first; else a rollout could hang over them.
  let gone = 0;
  for (const rs of active) {
    const idle = Math.min(room - gone, sizeOf(rs) - availableIn(rs));
    if (idle > 0 && scaleTo(api, family, rs, sizeOf(rs) - idle)) gone += idle;
  }
  let spare = sum(all(family), availableIn) - least;
  for (const rs of family.old.filter((other) => sizeOf(other) > 0)) {
    const fewer = Math.min(sizeOf(rs), spare);
    if (fewer <= 0) break;
    if (scaleTo(api, family, rs, sizeOf(rs) - fewer)) gone += fewer;
    spare -= fewer;
  }
  return gone > 0;
}

/** Scales all old ReplicaSets to nothing. */
export function endOld(api: Api, family: Family): boolean {
  let some = false;
  for (const rs of family.old) if (sizeOf(rs) > 0) some = scaleTo(api, family, rs, 0) || some;
  return some;
}

/** Whether a pod of an older template is still there: a Recreate waits for it. */
export function oldPodsRun(api: Api, { old }: Family): boolean {
  return old.some(
    ({ status, metadata }) =>
      (status?.replicas ?? 0) > 0 ||
      api.indexed<Pod>("pods", "owner", metadata.uid ?? "").some((pod) => !isFinished(pod)),
  );
}
