import { rfc3339 } from "../../../base/time.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../../kinds/types/core.ts";
import type { Api } from "../../apiserver/define.ts";
import { BIND_COMPLETED, BOUND_BY_CONTROLLER } from "../../storage/define.ts";
import { isFor } from "../../storage/match-volume.ts";

type Phase = "Available" | "Bound" | "Released" | "Failed";

/** Says in which phase a volume is. */
export function setVolumePhase(api: Api, volume: PersistentVolume, phase: Phase, now: string, message = ""): void {
  api.modify<PersistentVolume>(
    volume,
    (current) => {
      const { status } = current;
      if (status?.phase === phase && (status.message ?? "") === message) return current;
      const { message: _old, ...rest } = status ?? {};
      const since = status?.phase === phase ? (status.lastPhaseTransitionTime ?? now) : now;
      return {
        ...current,
        status: { ...rest, phase, ...(message ? { message } : {}), lastPhaseTransitionTime: since },
      };
    },
    "status",
  );
}

/** Says in which phase a claim is; a bound one shows what its volume has. */
export function setClaimPhase(
  api: Api,
  claim: PersistentVolumeClaim,
  phase: "Pending" | "Bound" | "Lost",
  volume?: PersistentVolume,
): void {
  api.modify<PersistentVolumeClaim>(
    claim,
    (current) => {
      const { accessModes: _modes, capacity: _capacity, ...rest } = current.status ?? {};
      if (!volume) return { ...current, status: { ...rest, phase } };
      const { accessModes = [], capacity = {} } = volume.spec;
      const storage = current.status?.phase === phase ? current.status.capacity : undefined;
      return { ...current, status: { ...rest, phase, accessModes, capacity: storage ?? capacity } };
    },
    "status",
  );
}

/** Ties a claim to a volume and the volume to the claim (pv_controller.go bind, 1.35). */
export function bind(api: Api, volume: PersistentVolume, claim: PersistentVolumeClaim, now: number): void {
  const tied = tieVolume(api, volume, claim);
  if (!tied) return;
  setVolumePhase(api, tied, "Bound", rfc3339(now));
  const bound = tieClaim(api, claim, tied);
  if (bound) setClaimPhase(api, bound, "Bound", tied);
}

function tieVolume(api: Api, volume: PersistentVolume, claim: PersistentVolumeClaim): PersistentVolume | undefined {
  const { name, namespace = "", uid = "", resourceVersion = "" } = claim.metadata;
  return api.modify<PersistentVolume>(volume, (now) => {
    const promised = isFor(now, claim);
    if (promised && now.spec.claimRef?.uid === uid) return now;
    const claimRef = { kind: "PersistentVolumeClaim", namespace, name, uid, apiVersion: "v1", resourceVersion };
    const annotations = promised
      ? now.metadata.annotations
      : { ...now.metadata.annotations, [BOUND_BY_CONTROLLER]: "yes" };
    const metadata = annotations ? { ...now.metadata, annotations } : now.metadata;
    return { ...now, metadata, spec: { ...now.spec, claimRef } };
  });
}

function tieClaim(api: Api, claim: PersistentVolumeClaim, volume: PersistentVolume): PersistentVolumeClaim | undefined {
  const { name } = volume.metadata;
  return api.modify<PersistentVolumeClaim>(claim, (now) => {
    const { annotations } = now.metadata;
    if (now.spec.volumeName === name && annotations?.[BIND_COMPLETED]) return now;
    const done: Record<string, string> = { ...annotations, [BIND_COMPLETED]: "yes" };
    if (now.spec.volumeName !== name) done[BOUND_BY_CONTROLLER] = "yes";
    return {
      ...now,
      metadata: { ...now.metadata, annotations: done },
      spec: { ...now.spec, volumeName: name },
    };
  });
}

/** Takes a volume from a claim that did not want it: a promise of the user's stays (pv_controller.go unbindVolume, 1.35). */
export function unbind(api: Api, volume: PersistentVolume, now: number): void {
  const free = api.modify<PersistentVolume>(volume, (current) => {
    const { claimRef, ...spec } = current.spec;
    const { [BOUND_BY_CONTROLLER]: byUs, ...annotations } = current.metadata.annotations ?? {};
    if (byUs) return { ...current, metadata: { ...current.metadata, annotations }, spec };
    const { uid: _uid, resourceVersion: _version, ...promise } = claimRef ?? {};
    return { ...current, spec: { ...spec, claimRef: promise } };
  });
  if (free) setVolumePhase(api, free, "Available", rfc3339(now));
}
