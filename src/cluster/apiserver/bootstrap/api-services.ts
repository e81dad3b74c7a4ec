import type { Kind } from "../../../kinds/define.ts";
import type { ApiService } from "../../../kinds/types/aggregation.ts";

/** What a group and its version are worth in the order of discovery (controlplane apiVersionPriorities, 1.35). */
const priorities: Readonly<Record<string, readonly [group: number, version: number]>> = {
  "/v1": [18_000, 1],
  "apps/v1": [17_800, 15],
  "events.k8s.io/v1": [17_750, 15],
  "authentication.k8s.io/v1": [17_700, 15],
  "authorization.k8s.io/v1": [17_600, 15],
  "autoscaling/v1": [17_500, 15],
  "autoscaling/v2": [17_500, 30],
  "batch/v1": [17_400, 15],
  "certificates.k8s.io/v1": [17_300, 15],
  "networking.k8s.io/v1": [17_200, 15],
  "policy/v1": [17_100, 15],
  "rbac.authorization.k8s.io/v1": [17_000, 15],
  "storage.k8s.io/v1": [16_800, 15],
  "apiextensions.k8s.io/v1": [16_700, 15],
  "admissionregistration.k8s.io/v1": [16_700, 15],
  "scheduling.k8s.io/v1": [16_600, 15],
  "coordination.k8s.io/v1": [16_500, 15],
  "node.k8s.io/v1": [16_300, 15],
  "discovery.k8s.io/v1": [16_200, 15],
  "flowcontrol.apiserver.k8s.io/v1": [16_100, 21],
  "resource.k8s.io/v1": [15_900, 9],
};

/** One for each version of a group that this server serves itself (the hook kube-apiserver-autoregistration). */
export function localApiServices(kinds: readonly Kind[]): readonly ApiService[] {
  const versions = [...new Set(kinds.map(({ group, version }) => `${group}/${version}`))].sort();
  return versions.flatMap((key) => {
    const known = priorities[key];
    if (!known) return [];
    const [group = "", version = ""] = key.split("/");
    const [groupPriorityMinimum, versionPriority] = known;
    return {
      apiVersion: "apiregistration.k8s.io/v1",
      kind: "APIService",
      metadata: { name: `${version}.${group}`, labels: { "kube-aggregator.kubernetes.io/automanaged": "onstart" } },
      spec: { ...(group === "" ? {} : { group }), groupPriorityMinimum, version, versionPriority },
    };
  });
}
