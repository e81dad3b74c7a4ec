import type { Container, Pod, Volume } from "../../../kinds/types/pod.ts";

/** Which other objects a pod needs, in words; undefined where none (kubernetes pkg/api/pod HasAPIObjectReference, 1.35). */
export function referenceOf(spec: Pod["spec"]): string | undefined {
  if (spec.serviceAccountName) return "serviceaccounts";
  const containers = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])];
  const volumes = spec.volumes ?? [];
  if (spec.imagePullSecrets?.length || containers.some((one) => names(one, "secret")) || volumes.some(hasSecret))
    return "secrets";
  if (containers.some((one) => names(one, "configMap")) || volumes.some(hasConfigMap)) return "configmaps";
  if ((spec as { resourceClaims?: unknown[] }).resourceClaims?.length) return "resourceclaims";
  for (const volume of volumes) {
    const found = volumeReference(volume);
    if (found) return found;
  }
  return undefined;
}

function names({ env, envFrom }: Container, what: "secret" | "configMap"): boolean {
  const [key, ref] =
    what === "secret" ? (["secretKeyRef", "secretRef"] as const) : (["configMapKeyRef", "configMapRef"] as const);
  return Boolean(env?.some(({ valueFrom }) => valueFrom?.[key]) || envFrom?.some((one) => one[ref]));
}

function hasSecret({ secret, projected, ...others }: Volume): boolean {
  const isSource = Object.values(others).some((source) => (source as { secretRef?: unknown } | undefined)?.secretRef);
  return Boolean(secret) || isSource || Boolean(projected?.sources?.some((source) => source.secret));
}

function hasConfigMap({ configMap, projected }: Volume): boolean {
  return Boolean(configMap) || Boolean(projected?.sources?.some((source) => source.configMap));
}

function volumeReference(volume: Volume): string | undefined {
  if (volume.csi) return "csidrivers (via CSI volumes)";
  if (volume.glusterfs) return "endpoints (via glusterFS volumes)";
  if (volume.persistentVolumeClaim) return "persistentvolumeclaims";
  if (volume.ephemeral) return "persistentvolumeclaims (via ephemeral volumes)";
  if (volume.azureFile) return "secrets (via azureFile volumes)";
  for (const source of volume.projected?.sources ?? []) {
    if (source.serviceAccountToken) return "serviceaccounts (via projected volumes)";
    if (source.clusterTrustBundle) return "clustertrustbundles";
    if (source.podCertificate) return "podcertificates";
  }
  return undefined;
}
