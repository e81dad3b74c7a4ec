import { matchesNodeTerm, matchesNodeTerms } from "../../../kinds/node-selector.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { SchedulerPlugin } from "../define.ts";

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

/** nodeSelector and required node affinity decide; preferred node affinity scores. */
export const nodeAffinity: SchedulerPlugin = {
  name: "NodeAffinity",
  weight: 2,
  preFilter(pod) {
    const nodes = namesIn(pod);
    if (nodes) return { nodes };
    return pod.spec.nodeSelector || pod.spec.affinity?.nodeAffinity ? undefined : "skip";
  },
  filter(pod, { node }) {
    const refusal = { reasons: ["node(s) didn't match Pod's node affinity/selector"], unresolvable: true };
    for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {}))
      if (node.metadata.labels?.[key] !== value) return refusal;
    const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    return required && !matchesNodeTerms(required.nodeSelectorTerms, node) ? refusal : undefined;
  },
  preScore: ({ spec }) =>
    spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.length ? undefined : "skip",
  score(pod, { node }) {
    let sum = 0;
    for (const { weight, preference } of pod.spec.affinity?.nodeAffinity
      ?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
      if (matchesNodeTerm(preference, node)) sum += weight;
    return sum;
  },
  normalize(scores) {
    const most = Math.max(...scores);
    if (most > 0) for (let i = 0; i < scores.length; i++) scores[i] = (100 * (scores[i] ?? 0)) / most;
  },
};
