import { matchesNodeTerms } from "../../kinds/node-selector.ts";
import type { Node } from "../../kinds/types/core.ts";
import type { Pod } from "../../kinds/types/pod.ts";

/** Whether a node meets a pod's nodeSelector and required node affinity. */
export function meetsNodeAffinity({ spec }: Pod, node: Node): boolean {
  const { nodeSelector } = spec;
  for (const key in nodeSelector) if (node.metadata.labels?.[key] !== nodeSelector[key]) return false;
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return !required || matchesNodeTerms(required.nodeSelectorTerms, node);
}
