import { matchesNodeTerm, matchesNodeTerms } from "../../../kinds/node-selector.ts";
import type { Node } from "../../../kinds/types/core.ts";
import type { Affinity, Pod } from "../../../kinds/types/pod.ts";
import type { SchedulerPlugin } from "../define.ts";
import { newNode, normalizeScores } from "../events.ts";
import { meetsNodeAffinity } from "../required-node-affinity.ts";

type NodeAffinity = NonNullable<Affinity["nodeAffinity"]>;

/** The nodes that every alternative names, as those of a DaemonSet's pods do. */
function namesIn({ spec }: Pod): readonly string[] | undefined {
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const names = terms.map(({ matchFields = [] }) => {
    const named = matchFields.filter(({ key, operator }) => key === "metadata.name" && operator === "In");
    const [first = { values: [] }, ...others] = named;
    if (named.length === 0) return undefined;
    return (first.values ?? []).filter((name) => others.every(({ values }) => values?.includes(name)));
  });
  if (names.length === 0 || names.includes(undefined)) return undefined;
  return [...new Set(names.flatMap((some) => some ?? []))];
}

function enforces({ requiredDuringSchedulingIgnoredDuringExecution: required }: NodeAffinity, node: Node): boolean {
  return !required || matchesNodeTerms(required.nodeSelectorTerms, node);
}

/** nodeSelector and required node affinity decide; preferred node affinity scores. `added`: of every pod (addedAffinity). */
function nodeAffinityWith(added: NodeAffinity): SchedulerPlugin {
  const alwaysPreferred = added.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const preferredOf = ({ spec }: Pod) => [
    ...(spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []),
    ...alwaysPreferred,
  ];
  return {
    name: "NodeAffinity",
    weight: 2,
    withArgs: ({ addedAffinity }) => nodeAffinityWith((addedAffinity ?? {}) as NodeAffinity),
    preFilter(pod) {
      const { nodeSelector, affinity } = pod.spec;
      const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
      if (!nodeSelector && !required && !added.requiredDuringSchedulingIgnoredDuringExecution) return "skip";
      const nodes = namesIn(pod);
      if (!nodes) return undefined;
      return nodes.length > 0 ? { nodes } : { reasons: ["pod affinity terms conflict"], unresolvable: true };
    },
    filter(pod, { node }) {
      if (!enforces(added, node))
        return { reasons: ["node(s) didn't match scheduler-enforced node affinity"], unresolvable: true };
      if (meetsNodeAffinity(pod, node)) return undefined;
      return { reasons: ["node(s) didn't match Pod's node affinity/selector"], unresolvable: true };
    },
    preScore: (pod) => (preferredOf(pod).length > 0 ? undefined : "skip"),
    score(pod, { node }) {
      let sum = 0;
      for (const { weight, preference } of preferredOf(pod)) if (matchesNodeTerm(preference, node)) sum += weight;
      return sum;
    },
    normalize: (scores) => normalizeScores(scores),
    helpedBy(event, pod) {
      const node = newNode(event, ({ metadata }) => metadata.labels);
      return node !== undefined && enforces(added, node) && meetsNodeAffinity(pod, node);
    },
  };
}

export const nodeAffinity = nodeAffinityWith({});
