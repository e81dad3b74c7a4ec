import type { PersistentVolume, PersistentVolumeClaim } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import { claimNamesOf } from "../storage/pod-claims.ts";

export function volumeNamed(api: Api, name: string | undefined): PersistentVolume | undefined {
  return name ? api.get<PersistentVolume>("persistentvolumes", undefined, name) : undefined;
}

/** The volumes that a pod's claims have. */
export function boundVolumesOf(pod: Pod, api: Api): PersistentVolume[] {
  return claimNamesOf(pod).flatMap((name) => {
    const claim = api.get<PersistentVolumeClaim>("persistentvolumeclaims", pod.metadata.namespace, name);
    const volume = volumeNamed(api, claim?.spec.volumeName);
    return volume ? [volume] : [];
  });
}
