import type { PersistentVolume, PersistentVolumeClaim } from "../types/core.ts";
import type { NodeSelectorTerm } from "../types/pod.ts";
import { fractionWarnings, termWarnings } from "./pod-warnings.ts";

// kubernetes pkg/api/persistentvolume/util.go and pkg/api/persistentvolumeclaim/util.go, 1.35.

const classAnnotation = "volume.beta.kubernetes.io/storage-class";
const oldClass = `metadata.annotations[${classAnnotation}]: deprecated since v1.8; use "storageClassName" attribute instead`;
const mountOptions = "volume.beta.kubernetes.io/mount-options";

/** What is said of a volume. */
export function volumeWarnings({ metadata, spec }: PersistentVolume): readonly string[] {
  const found: string[] = [];
  if (metadata.annotations?.[classAnnotation] !== undefined) found.push(oldClass);
  if (metadata.annotations?.[mountOptions] !== undefined)
    found.push(`metadata.annotations[${mountOptions}]: deprecated since v1.31; use "mountOptions" attribute instead`);
  if (spec.persistentVolumeReclaimPolicy === "Recycle")
    found.push(
      "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.",
    );
  for (const [index, term] of (spec.nodeAffinity?.required?.nodeSelectorTerms ?? []).entries())
    found.push(
      ...termWarnings(term as NodeSelectorTerm, `spec.nodeAffinity.required.nodeSelectorTerms[${index}]`, false),
    );
  return found;
}

/** What is said of a claim. */
export function claimWarnings({ metadata, spec }: PersistentVolumeClaim): readonly string[] {
  const found: string[] = [];
  if (metadata.annotations?.[classAnnotation] !== undefined) found.push(oldClass);
  const { requests, limits } = spec.resources ?? {};
  if (requests?.storage !== undefined)
    fractionWarnings({ storage: requests.storage }, "spec.resources.requests", found);
  if (limits?.storage !== undefined) fractionWarnings({ storage: limits.storage }, "spec.resources.limits", found);
  return found;
}
