import { rfc3339 } from "../../../base/time.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../../kinds/types/core.ts";
import type { Api } from "../../apiserver/define.ts";
import { PROVISIONED_BY } from "../../storage/define.ts";
import type { ControllerTools } from "../define.ts";
import { setVolumePhase, unbind } from "./bind.ts";
import { type PodEvents, recycle } from "./recycle.ts";

/** One look at a volume; gives the claim that has to be looked at as well (pv_controller.go syncVolume, 1.35). */
export function syncVolume(
  api: Api,
  volume: PersistentVolume,
  tools: ControllerTools,
  said: PodEvents,
): PersistentVolumeClaim | undefined {
  const now = rfc3339(tools.clock.now);
  const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
  if (!claimRef?.uid) {
    setVolumePhase(api, volume, "Available", now);
    return undefined;
  }
  const { namespace, name = "", uid } = claimRef;
  const there = api.get<PersistentVolumeClaim>("persistentvolumeclaims", namespace, name);
  const claim = there?.metadata.uid === uid ? there : undefined;
  if (!claim) {
    const { phase } = volume.status ?? {};
    if (phase !== "Released" && phase !== "Failed") setVolumePhase(api, volume, "Released", now);
    reclaim(api, volume, now, tools, said);
    return undefined;
  }
  if (!claim.spec.volumeName) return claim;
  if (claim.spec.volumeName === volume.metadata.name) {
    setVolumePhase(api, volume, "Bound", now);
    return undefined;
  }
  const provisioned = volume.metadata.annotations?.[PROVISIONED_BY] !== undefined;
  if (provisioned && persistentVolumeReclaimPolicy === "Delete") {
    setVolumePhase(api, volume, "Released", now);
    reclaim(api, volume, now, tools, said);
  } else unbind(api, volume, tools.clock.now);
  return undefined;
}

/** What becomes of a volume whose claim is gone. An external provisioner deletes what it has made. */
function reclaim(api: Api, volume: PersistentVolume, now: string, tools: ControllerTools, said: PodEvents): void {
  const { spec, metadata, status } = volume;
  if (metadata.deletionTimestamp || metadata.annotations?.[PROVISIONED_BY] || status?.phase === "Failed") return;
  const { name } = metadata;
  if (spec.persistentVolumeReclaimPolicy === "Recycle") {
    const wiped = recycle(api, volume, said);
    if (wiped === "recycled") {
      api.event(volume, { type: "Normal", reason: "VolumeRecycled", message: "Volume recycled" });
      unbind(api, volume, tools.clock.now);
    } else if (wiped !== undefined) fail(api, volume, "VolumeFailedRecycle", wiped.error, now);
    return;
  }
  if (spec.persistentVolumeReclaimPolicy !== "Delete" || spec.csi) return;
  if (!spec.hostPath) {
    const message = `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`;
    fail(api, volume, "VolumeFailedDelete", message, now);
  } else if (/\/tmp\/.+/.test(spec.hostPath.path)) api.delete(volume);
  else {
    const message = `host_path deleter only supports /tmp/.+ but received provided ${spec.hostPath.path}`;
    fail(api, volume, "VolumeFailedDelete", message, now);
  }
}

function fail(api: Api, volume: PersistentVolume, reason: string, message: string, now: string): void {
  setVolumePhase(api, volume, "Failed", now, message);
  api.event(volume, { type: "Warning", reason, message });
}
