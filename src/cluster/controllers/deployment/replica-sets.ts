import { equal } from "../../../kinds/equal.ts";
import { ownerReference } from "../../../kinds/labels.ts";
import { annotatedRevision } from "../../../kinds/rollouts.ts";
import { Status } from "../../../kinds/status.ts";
import { podTemplateHash } from "../../../kinds/template-hash.ts";
import type { PodTemplateSpec } from "../../../kinds/types/pod.ts";
import type { Deployment, ReplicaSet } from "../../../kinds/types/workload.ts";
import type { Api } from "../../apiserver/define.ts";
import { newAnnotations, withSizes } from "./annotations.ts";
import { boundsOf } from "./bounds.ts";
import { sizeOfNew } from "./rollout.ts";
import { type Family, sizeOf } from "./scaling.ts";

const HASH = "pod-template-hash";
export const kind = { group: "apps", version: "v1", kind: "Deployment" };

/** Whether two templates are the same but for the hash in their labels. */
function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  if (!equal(a.spec, b.spec)) return false;
  const { labels: labelsA, ...restA } = a.metadata ?? {};
  const { labels: labelsB, ...restB } = b.metadata ?? {};
  const { [HASH]: _a, ...plainA } = labelsA ?? {};
  const { [HASH]: _b, ...plainB } = labelsB ?? {};
  return equal(restA, restB) && equal(plainA, plainB);
}

/** A Deployment with its ReplicaSets: the one of its template, and the others, oldest first. */
export function familyOf(deployment: Deployment, sets: readonly ReplicaSet[]): Family {
  const oldest = sets.toSorted(
    (a, b) =>
      compare(a.metadata.creationTimestamp, b.metadata.creationTimestamp) || compare(a.metadata.name, b.metadata.name),
  );
  const current = oldest.find((rs) => sameTemplate(rs.spec.template, deployment.spec.template));
  return { deployment, current, old: oldest.filter((rs) => rs !== current) };
}

function compare(a: string | null | undefined, b: string | null | undefined): number {
  return (a ?? "") < (b ?? "") ? -1 : (a ?? "") > (b ?? "") ? 1 : 0;
}

export function newestRevision({ old }: Family): number {
  return Math.max(0, ...old.map(annotatedRevision));
}

/** Brings the annotations of the newest ReplicaSet up to date: a rollback makes it the newest revision again. */
export function refreshCurrent(api: Api, family: Family): void {
  const { deployment, current } = family;
  if (!current) return;
  const annotations = newAnnotations(deployment, current, newestRevision(family) + 1);
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  const patient = (current.spec.minReadySeconds ?? 0) === minReadySeconds;
  if (patient && equal(annotations, current.metadata.annotations)) return;
  const changed = api.modify<ReplicaSet>(current, (now) => ({
    ...now,
    metadata: { ...now.metadata, annotations: { ...annotations } },
    spec: patient ? now.spec : { ...now.spec, minReadySeconds },
  }));
  family.current = changed ?? current;
}

/** What making a ReplicaSet came to. */
export type Made =
  | { readonly rs: ReplicaSet; readonly fresh: boolean }
  /** Another ReplicaSet has the name: the next look hashes with a higher collisionCount. */
  | { readonly collision: true }
  | { readonly failed: Status; readonly name: string };

/** Makes the ReplicaSet of the Deployment's template. */
export function createCurrent(api: Api, family: Family): Made {
  const { deployment } = family;
  const rs = replicaSetOf(family);
  try {
    const made = api.create(rs);
    const size = sizeOf(made);
    const message = `Scaled up replica set ${made.metadata.name} from 0 to ${size}`;
    if (size > 0) api.event(deployment, { type: "Normal", reason: "ScalingReplicaSet", message });
    return { rs: made, fresh: true };
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    if (error.reason !== "AlreadyExists") return { failed: error, name: rs.metadata.name };
    const there = api.get<ReplicaSet>("replicasets.apps", rs.metadata.namespace, rs.metadata.name);
    const ours = there?.metadata.ownerReferences?.some((o) => o.controller && o.uid === deployment.metadata.uid);
    if (there && ours && sameTemplate(there.spec.template, deployment.spec.template))
      return { rs: there, fresh: false };
    return { collision: true };
  }
}

function replicaSetOf(family: Family): ReplicaSet {
  const { deployment } = family;
  const { spec, metadata, status } = deployment;
  const hash = podTemplateHash(spec.template, status?.collisionCount);
  const labels = { ...spec.template.metadata?.labels, [HASH]: hash };
  const wanted = spec.replicas ?? 0;
  const annotations = newAnnotations(deployment, undefined, newestRevision(family) + 1);
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${metadata.name}-${hash}`,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels,
      annotations: { ...withSizes(annotations, wanted, wanted + boundsOf(deployment).surge) },
      ownerReferences: [ownerReference(deployment, kind)],
    },
    spec: {
      replicas: sizeOfNew(family),
      ...(spec.minReadySeconds ? { minReadySeconds: spec.minReadySeconds } : {}),
      selector: { ...spec.selector, matchLabels: { ...spec.selector.matchLabels, [HASH]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  };
}

/** Deletes old ReplicaSets beyond revisionHistoryLimit, the oldest revisions first (deployment/sync.go cleanupDeployment, 1.35). */
export function forgetOld(api: Api, { deployment, old }: Family): void {
  const { revisionHistoryLimit } = deployment.spec;
  if (revisionHistoryLimit === undefined || revisionHistoryLimit === 2147483647) return;
  const there = old.filter(({ metadata }) => !metadata.deletionTimestamp);
  const surplus = there.length - revisionHistoryLimit;
  if (surplus <= 0) return;
  const byRevision = there.toSorted((a, b) => annotatedRevision(a) - annotatedRevision(b));
  for (const rs of byRevision.slice(0, surplus)) {
    const unseen = (rs.metadata.generation ?? 0) > (rs.status?.observedGeneration ?? 0);
    if (sizeOf(rs) === 0 && !rs.status?.replicas && !unseen) api.delete(rs);
  }
}
