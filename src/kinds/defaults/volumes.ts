import type { KubeObject, Quantity } from "../types/meta.ts";
import type { Volume } from "../types/pod.ts";
import { pullPolicyOf } from "./image.ts";
import { canonical, canonicalList } from "./quantities.ts";

/** Files in a volume are readable by all, writable by their owner. */
const fileMode = 0o644;

interface Item {
  fieldRef?: { apiVersion?: string; fieldPath: string };
  resourceFieldRef?: { divisor?: Quantity };
}

interface Projection {
  serviceAccountToken?: { expirationSeconds?: number };
  downwardAPI?: { items?: Item[] };
}

/** Fills in what a volume left out (core/v1 defaults.go, 1.35). */
export function volumeDefaults(volume: Volume): void {
  if (!hasSource(volume)) volume.emptyDir = {};
  if (volume.emptyDir?.sizeLimit !== undefined) volume.emptyDir.sizeLimit = canonical(volume.emptyDir.sizeLimit);
  if (volume.hostPath) volume.hostPath.type ??= "";
  if (volume.configMap) volume.configMap.defaultMode ??= fileMode;
  if (volume.secret) volume.secret.defaultMode ??= fileMode;
  if (volume.projected) {
    volume.projected.defaultMode ??= fileMode;
    for (const source of volume.projected.sources ?? []) projectionDefaults(source);
  }
  const downward = volume.downwardAPI as { defaultMode?: number; items?: Item[] } | undefined;
  if (downward) {
    downward.defaultMode ??= fileMode;
    for (const item of downward.items ?? []) itemDefaults(item);
  }
  const { image } = volume;
  if (image) image.pullPolicy ||= pullPolicyOf(image.reference ?? "");
  const template = (volume.ephemeral as { volumeClaimTemplate?: KubeObject } | undefined)?.volumeClaimTemplate;
  if (template) claimSpecDefaults(template.spec as ClaimSpec);
}

function hasSource(volume: Volume): boolean {
  for (const key in volume) if (key !== "name" && volume[key] !== undefined && volume[key] !== null) return true;
  return false;
}

function projectionDefaults(source: Projection): void {
  if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= 3600;
  for (const item of source.downwardAPI?.items ?? []) itemDefaults(item);
}

/** Fills in a reference to a field of the pod or to a container's resource. */
export function itemDefaults(item: Item): void {
  if (item.fieldRef) item.fieldRef.apiVersion ||= "v1";
  if (item.resourceFieldRef) item.resourceFieldRef.divisor = canonical(item.resourceFieldRef.divisor ?? "0");
}

interface ClaimSpec {
  volumeMode?: string;
  resources?: { requests?: Record<string, Quantity>; limits?: Record<string, Quantity> };
}

/** Fills in what a claim's spec left out, its own or a template's. */
export function claimSpecDefaults(spec: ClaimSpec): void {
  spec.volumeMode ??= "Filesystem";
  spec.resources ??= {};
  canonicalList(spec.resources.requests);
  canonicalList(spec.resources.limits);
}
