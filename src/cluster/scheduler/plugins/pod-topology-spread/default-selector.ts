import type { KubeObject, LabelSelector } from "../../../../kinds/types/meta.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import type { ScheduleState } from "../../define.ts";

interface Selecting extends KubeObject {
  readonly spec: { readonly selector?: LabelSelector };
}

const resources: Readonly<Record<string, string>> = {
  "v1/ReplicationController": "replicationcontrollers",
  "apps/v1/ReplicaSet": "replicasets.apps",
  "apps/v1/StatefulSet": "statefulsets.apps",
};

/** What the Services of a pod and its ReplicaSet, StatefulSet or ReplicationController select (helper DefaultSelector, 1.35). */
export function defaultSelector(pod: Pod, state: ScheduleState): LabelSelector | undefined {
  const services = state.servicesOf(pod);
  const owned = ownerSelector(pod, state);
  if (services.length === 0) return owned;
  const matchLabels = Object.assign({}, ...services, owned?.matchLabels) as Record<string, string>;
  return owned?.matchExpressions ? { matchLabels, matchExpressions: owned.matchExpressions } : { matchLabels };
}

function ownerSelector({ metadata }: Pod, { api }: ScheduleState): LabelSelector | undefined {
  const owner = metadata.ownerReferences?.find(({ controller }) => controller);
  const resource = owner && resources[`${owner.apiVersion}/${owner.kind}`];
  const selector = resource && api.get<Selecting>(resource, metadata.namespace, owner.name)?.spec.selector;
  if (!selector) return undefined;
  if (resource === "replicationcontrollers") return { matchLabels: selector as Record<string, string> };
  const { matchLabels, matchExpressions } = selector;
  return matchLabels || matchExpressions?.length ? selector : undefined;
}
