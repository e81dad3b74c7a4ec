import { matchesNodeTerms } from "../../../kinds/node-selector.ts";
import { tolerates } from "../../../kinds/tolerations.ts";
import type { Node } from "../../../kinds/types/core.ts";
import type { Pod, PodSpec, Toleration } from "../../../kinds/types/pod.ts";
import type { DaemonSet } from "../../../kinds/types/workload.ts";

/** What every pod of a DaemonSet tolerates (daemonset_util.go AddOrUpdateDaemonPodTolerations, 1.35). */
const always: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];
const onHostNetwork: Toleration = {
  key: "node.kubernetes.io/network-unavailable",
  operator: "Exists",
  effect: "NoSchedule",
};

/** The tolerations of a daemon's pods: the template's own, and those every daemon has. */
export function daemonTolerations(spec: PodSpec): Toleration[] {
  const all = [...(spec.tolerations ?? [])];
  for (const added of spec.hostNetwork ? [...always, onHostNetwork] : always) {
    const known = all.some(
      (own) =>
        own.key === added.key &&
        own.effect === added.effect &&
        own.operator === "Exists" &&
        own.tolerationSeconds === undefined,
    );
    if (!known) all.push({ ...added });
  }
  return all;
}

/** Whether a daemon belongs on a node, and whether one that is there may stay. */
export type Verdict = "runs" | "stays" | "goes";

/** Judges nodes for one DaemonSet; verdicts are kept while neither spec nor node change in what counts. */
export class Placement {
  private readonly spec: DaemonSet["spec"];
  private readonly tolerations: readonly Toleration[];
  private readonly verdicts = new Map<string, { labels: unknown; spec: unknown; verdict: Verdict }>();

  constructor(spec: DaemonSet["spec"]) {
    this.spec = spec;
    this.tolerations = daemonTolerations(spec.template.spec);
  }

  isFor(spec: DaemonSet["spec"]): boolean {
    return this.spec === spec;
  }

  verdict(node: Node): Verdict {
    const { name, labels } = node.metadata;
    const known = this.verdicts.get(name);
    if (known && known.labels === labels && known.spec === node.spec) return known.verdict;
    const verdict = this.judge(node);
    this.verdicts.set(name, { labels, spec: node.spec, verdict });
    return verdict;
  }

  private judge(node: Node): Verdict {
    const { nodeName, nodeSelector, affinity } = this.spec.template.spec;
    if (nodeName && nodeName !== node.metadata.name) return "goes";
    for (const key in nodeSelector) if (node.metadata.labels?.[key] !== nodeSelector[key]) return "goes";
    const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (required && !matchesNodeTerms(required.nodeSelectorTerms, node)) return "goes";
    let verdict: Verdict = "runs";
    for (const taint of node.spec.taints ?? []) {
      if (taint.effect === "PreferNoSchedule" || tolerates(this.tolerations, taint)) continue;
      if (taint.effect === "NoExecute") return "goes";
      verdict = "stays";
    }
    return verdict;
  }
}

/** The spec of a daemon's pod, bound for one node: the scheduler lets it go nowhere else. */
export function pinned(spec: PodSpec, node: string, tolerations: Toleration[]): PodSpec {
  const matchFields = [{ key: "metadata.name", operator: "In" as const, values: [node] }];
  const required = { nodeSelectorTerms: [{ matchFields }] };
  const nodeAffinity = { ...spec.affinity?.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: required };
  return { ...spec, affinity: { ...spec.affinity, nodeAffinity }, tolerations };
}

/** The node a daemon's pod is on, or bound for. */
export function targetOf({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  for (const { matchFields } of spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    ?.nodeSelectorTerms ?? [])
    for (const { key, operator, values } of matchFields ?? [])
      if (key === "metadata.name" && operator === "In" && values?.length === 1) return values[0];
  return undefined;
}
