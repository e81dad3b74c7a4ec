import { ownerReference } from "../../kinds/labels.ts";
import { Status } from "../../kinds/status.ts";
import { podTemplateHash } from "../../kinds/template-hash.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { PodTemplateSpec } from "../../kinds/types/pod.ts";
import type { ControllerRevision } from "../../kinds/types/workload.ts";
import type { Api } from "../apiserver/define.ts";

/** A workload whose template is kept in ControllerRevisions. */
interface Revised extends KubeObject {
  readonly spec: { readonly template: PodTemplateSpec };
  readonly status?: { readonly collisionCount?: number };
}

/** What a revision keeps of a workload: a patch that puts its template back (daemon/update.go getPatch, 1.35). */
export function revisionData({ spec }: Revised): unknown {
  return { spec: { template: { ...spec.template, $patch: "replace" } } };
}

/**
 * Makes the revision of a workload's template, with its hash under `label`. Gives undefined when another object has its
 * name: the workload's collisionCount was raised then, in a status that has at least the fields of `emptyStatus`.
 */
export function makeRevision<T extends Revised>(
  api: Api,
  owner: T,
  kind: Parameters<typeof ownerReference>[1],
  { revision, label, emptyStatus }: { revision: number; label: string; emptyStatus: object },
): ControllerRevision | undefined {
  const { name, namespace, annotations } = owner.metadata;
  const { template } = owner.spec;
  const hash = podTemplateHash(template, owner.status?.collisionCount || undefined);
  try {
    return api.create<ControllerRevision>({
      apiVersion: "apps/v1",
      kind: "ControllerRevision",
      metadata: {
        name: `${name}-${hash}`,
        ...(namespace === undefined ? {} : { namespace }),
        labels: { ...template.metadata?.labels, [label]: hash },
        ...(annotations ? { annotations: { ...annotations } } : {}),
        ownerReferences: [ownerReference(owner, kind)],
      },
      data: revisionData(owner),
      revision,
    });
  } catch (error) {
    if (!(error instanceof Status && error.reason === "AlreadyExists")) throw error;
    const collisionCount = (owner.status?.collisionCount ?? 0) + 1;
    api.modify<T>(owner, (now) => ({ ...now, status: { ...emptyStatus, ...now.status, collisionCount } }), "status");
    return undefined;
  }
}
