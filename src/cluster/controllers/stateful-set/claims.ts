import { equal } from "../../../kinds/equal.ts";
import { ownerReference } from "../../../kinds/labels.ts";
import { Status } from "../../../kinds/status.ts";
import type { PersistentVolumeClaim } from "../../../kinds/types/core.ts";
import type { OwnerReference } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { StatefulSet } from "../../../kinds/types/workload.ts";
import type { Api } from "../../apiserver/define.ts";
import { kind } from "./history.ts";

const podKind = { group: "", version: "v1", kind: "Pod" };

/** www-web-0: the claim of a template for a pod. */
export function claimName(set: StatefulSet, template: string, ordinal: number): string {
  return `${template}-${set.metadata.name}-${ordinal}`;
}

function templates({ spec }: StatefulSet): readonly PersistentVolumeClaim[] {
  return spec.volumeClaimTemplates ?? [];
}

function claimAt(api: Api, set: StatefulSet, template: PersistentVolumeClaim, ordinal: number) {
  const name = claimName(set, template.metadata.name, ordinal);
  return api.get<PersistentVolumeClaim>("persistentvolumeclaims", set.metadata.namespace, name);
}

/** Creates what claims a pod lacks; one that is being deleted has to go first. */
export function createClaims(api: Api, set: StatefulSet, pod: string, ordinal: number): void {
  const failures: string[] = [];
  for (const template of templates(set)) {
    const name = claimName(set, template.metadata.name, ordinal);
    const there = claimAt(api, set, template, ordinal);
    if (there?.metadata.deletionTimestamp) failures.push(`pvc ${name} is being deleted`);
    if (there) continue;
    const failed = createClaim(api, set, template, name);
    const what = `Claim ${name} ${failed ? "for " : ""}Pod ${pod} in StatefulSet ${set.metadata.name}`;
    if (failed) {
      failures.push(`failed to create PVC ${name}: ${failed.message}`);
      const message = `create ${what} failed error: ${failed.message}`;
      api.event(set, { type: "Warning", reason: "FailedCreate", message });
    } else api.event(set, { type: "Normal", reason: "SuccessfulCreate", message: `create ${what} success` });
  }
  if (failures.length === 0) return;
  throw new Status("InternalError", failures.length === 1 ? (failures[0] ?? "") : `[${failures.join(", ")}]`);
}

function createClaim(api: Api, set: StatefulSet, template: PersistentVolumeClaim, name: string): Status | undefined {
  const { labels, annotations } = template.metadata;
  const { namespace } = set.metadata;
  try {
    api.create<PersistentVolumeClaim>({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name,
        ...(namespace === undefined ? {} : { namespace }),
        labels: { ...labels, ...set.spec.selector.matchLabels },
        ...(annotations ? { annotations: { ...annotations } } : {}),
      },
      spec: template.spec,
    });
    return undefined;
  } catch (error) {
    if (error instanceof Status) return error;
    throw error;
  }
}

/**
 * Makes the claims of a pod belong to the set, to the pod or to nobody, as the retention policy says: what owns a claim
 * takes it along when it goes (stateful_set_utils.go updateClaimOwnerRefForSetAndPod, 1.35).
 */
export function ownClaims(api: Api, set: StatefulSet, pod: Pod, ordinal: number, isWanted: boolean): void {
  for (const template of templates(set)) {
    const there = claimAt(api, set, template, ordinal);
    if (!there) continue;
    const owners = there.metadata.ownerReferences ?? [];
    const wanted = ownersOf(set, pod, owners, isWanted);
    if (equal(owners, wanted)) continue;
    api.modify<PersistentVolumeClaim>(there, (now) => {
      const { ownerReferences: _, ...rest } = now.metadata;
      return { ...now, metadata: wanted.length > 0 ? { ...rest, ownerReferences: wanted } : rest };
    });
  }
}

function ownersOf(set: StatefulSet, pod: Pod, owners: readonly OwnerReference[], isWanted: boolean): OwnerReference[] {
  const isSet = ({ kind: of, name }: OwnerReference) => of === "StatefulSet" && name === set.metadata.name;
  const isPod = ({ kind: of, name }: OwnerReference) => of === "Pod" && name === pod.metadata.name;
  const others = owners.filter((owner) => !isSet(owner) && !isPod(owner));
  if (others.some(({ controller }) => controller)) return others;
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  if (whenScaled === "Delete" && !isWanted) return [...others, ownerReference(pod, podKind)];
  return whenDeleted === "Delete" ? [...others, ownerReference(set, kind)] : others;
}

/** Whether a claim still belongs to an earlier pod of the name: it will go, and the new pod has to wait for that. */
export function hasStaleClaim(api: Api, set: StatefulSet, ordinal: number): boolean {
  if (set.spec.persistentVolumeClaimRetentionPolicy?.whenScaled !== "Delete") return false;
  const name = `${set.metadata.name}-${ordinal}`;
  return templates(set).some((template) =>
    claimAt(api, set, template, ordinal)?.metadata.ownerReferences?.some(
      (owner) => owner.kind === "Pod" && owner.name === name,
    ),
  );
}
