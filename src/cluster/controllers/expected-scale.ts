import { resourceName } from "../../kinds/define.ts";
import { controllerOf } from "../../kinds/labels.ts";
import type { KubeObject, OwnerReference } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";

/** How many pods the controllers of these pods want together, and which pods have none. */
export interface ExpectedScale {
  readonly count: number;
  readonly unmanaged: readonly string[];
  /** Why it cannot be told. */
  readonly problem?: string;
}

/** The scale of all controllers that the pods have (kubernetes pkg/controller/disruption getExpectedScale, 1.35). */
export function expectedScale(api: Api, pods: readonly Pod[]): ExpectedScale {
  const scales = new Map<string, number>();
  const unmanaged: string[] = [];
  const seen = new Set<string>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (!owner) {
      unmanaged.push(pod.metadata.name);
      continue;
    }
    if (seen.has(owner.uid)) continue;
    seen.add(owner.uid);
    const found = scaleOf(api, owner, pod.metadata.namespace);
    if (typeof found === "string") return { count: 0, unmanaged, problem: found };
    if (!found)
      return { count: 0, unmanaged, problem: `found no controllers for pod ${JSON.stringify(pod.metadata.name)}` };
    scales.set(found.uid, found.replicas);
  }
  let count = 0;
  for (const replicas of scales.values()) count += replicas;
  return { count, unmanaged };
}

/** The topmost controller with replicas: of a ReplicaSet its Deployment. A text says what is wrong with it. */
function scaleOf(
  api: Api,
  owner: OwnerReference,
  namespace: string | undefined,
): { uid: string; replicas: number } | string | undefined {
  const group = owner.apiVersion.includes("/") ? (owner.apiVersion.split("/")[0] ?? "") : "";
  const kind = api.kinds().find((one) => one.kind === owner.kind && one.group === group);
  if (!kind) return `no matches for kind "${owner.kind}" in version "${owner.apiVersion}"`;
  if (!kind.replicasAt) return `${resourceName(kind)} does not implement the scale subresource`;
  const object = api.get<KubeObject>(resourceName(kind), namespace, owner.name);
  if (!object || object.metadata.uid !== owner.uid) return undefined;
  const above = controllerOf(object);
  if (above) {
    const higher = scaleOf(api, above, namespace);
    if (typeof higher === "object") return higher;
  }
  const replicas = kind.replicasAt
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);
  return { uid: owner.uid, replicas: typeof replicas === "number" ? replicas : 0 };
}
