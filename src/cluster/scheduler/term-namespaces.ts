import { matchesSelector } from "../../kinds/label-selector.ts";
import type { Namespace } from "../../kinds/types/core.ts";
import type { Pod, PodAffinityTerm } from "../../kinds/types/pod.ts";
import type { Api } from "../apiserver/define.ts";

/** The namespaces a term of a pod speaks of: those it names and selects, else the pod's own. */
export function namespacesOf({ namespaces = [], namespaceSelector }: PodAffinityTerm, pod: Pod, api: Api): string[] {
  if (!namespaceSelector) return namespaces.length > 0 ? [...namespaces] : [pod.metadata.namespace ?? ""];
  const selected = api
    .list<Namespace>("namespaces")
    .filter(({ metadata }) => matchesSelector(namespaceSelector, metadata.labels))
    .map(({ metadata }) => metadata.name);
  return [...new Set([...namespaces, ...selected])];
}
