import type { PersistentVolumeClaim } from "../../kinds/types/core.ts";
import type { Pod, Volume } from "../../kinds/types/pod.ts";

/** The claim behind a volume of a pod: the one it names, or the one that is made for it (ephemeral). */
export function claimNameOf(pod: Pod, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim) return volume.persistentVolumeClaim.claimName;
  return volume.ephemeral ? `${pod.metadata.name}-${volume.name}` : undefined;
}

const none: readonly string[] = [];

/** The claims that a pod's volumes are from. Most have none: the scheduler asks for every pod. */
export function claimNamesOf(pod: Pod): readonly string[] {
  let names: string[] | undefined;
  for (const volume of pod.spec.volumes ?? []) {
    const claim = claimNameOf(pod, volume);
    if (claim === undefined) continue;
    names ??= [];
    names.push(claim);
  }
  return names ?? none;
}

/** What is said of a claim that has the name of a pod's own, and is another's. */
export function notOwner({ metadata: { namespace, name } }: PersistentVolumeClaim, pod: Pod): string {
  return `PVC ${namespace}/${name} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`;
}

/** Whether a claim was made for a pod's ephemeral volume (component-helpers/storage/ephemeral VolumeIsForPod, 1.35). */
export function isMadeFor(claim: PersistentVolumeClaim, pod: Pod): boolean {
  return (claim.metadata.ownerReferences ?? []).some((owner) => owner.controller && owner.uid === pod.metadata.uid);
}
