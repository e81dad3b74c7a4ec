import { Status } from "../../kinds/status.ts";
import type { PersistentVolumeClaim } from "../../kinds/types/core.ts";
import type { Pod, Volume } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";
import { claimNameOf, isMadeFor, notOwner } from "../storage/pod-claims.ts";
import type { Controller } from "./define.ts";

interface Template {
  readonly metadata?: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec: PersistentVolumeClaim["spec"];
}

/** Makes the claims of generic ephemeral volumes, owned by their pods (kubernetes pkg/controller/volume/ephemeral, 1.35). */
export const ephemeralVolume: Controller<Pod> = {
  name: "ephemeral-volume-controller",
  source: "ephemeral_volume",
  for: "pods",
  concerns: ({ spec }, old, type) =>
    type !== "DELETED" && spec !== old?.spec && (spec.volumes ?? []).some(({ ephemeral }) => ephemeral),
  watches: [
    {
      resource: "persistentvolumeclaims",
      // A claim that was deleted is made anew.
      keys({ metadata }, _api, _old, type) {
        const owner = metadata.ownerReferences?.find(({ controller, kind }) => controller && kind === "Pod");
        return type === "DELETED" && owner ? [{ namespace: metadata.namespace ?? "", name: owner.name }] : [];
      },
    },
  ],
  reconcile(api, pod) {
    if (!pod || pod.metadata.deletionTimestamp) return undefined;
    for (const volume of pod.spec.volumes ?? []) if (volume.ephemeral) makeClaim(api, pod, volume);
    return undefined;
  },
};

function makeClaim(api: Api, pod: Pod, volume: Volume): void {
  const { namespace = "", name: podName, uid = "" } = pod.metadata;
  const name = claimNameOf(pod, volume) ?? "";
  const fail = (why: string) =>
    api.event(pod, { type: "Warning", reason: "FailedBinding", message: `ephemeral volume ${volume.name}: ${why}` });
  const known = api.get<PersistentVolumeClaim>("persistentvolumeclaims", namespace, name);
  if (known) {
    if (isMadeFor(known, pod)) return;
    fail(notOwner(known, pod));
    return;
  }
  const { volumeClaimTemplate: template } = volume.ephemeral as { volumeClaimTemplate: Template };
  const owner = { apiVersion: "v1", kind: "Pod", name: podName, uid, controller: true, blockOwnerDeletion: true };
  const { labels, annotations } = template.metadata ?? {};
  try {
    api.create<PersistentVolumeClaim>({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name,
        namespace,
        ...(labels ? { labels: { ...labels } } : {}),
        ...(annotations ? { annotations: { ...annotations } } : {}),
        ownerReferences: [owner],
      },
      spec: JSON.parse(JSON.stringify(template.spec)) as PersistentVolumeClaim["spec"],
    });
  } catch (error) {
    if (error instanceof Status) fail(`create PVC ${name}: ${error.message}`);
    throw error;
  }
}
