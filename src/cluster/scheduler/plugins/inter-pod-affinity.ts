import { matchesSelector } from "../../../kinds/label-selector.ts";
import type { Pod, PodAffinityTerm } from "../../../kinds/types/pod.ts";
import type { NodeInfo, SchedulerPlugin, ScheduleState } from "../define.ts";

type Weighted = readonly [term: PodAffinityTerm, weight: number];

/** How many matching pods there are in each domain of a term's topology key. */
function countsByDomain(term: PodAffinityTerm, pod: Pod, state: ScheduleState): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { node, pods } of state.nodes) {
    const domain = node.metadata.labels?.[term.topologyKey];
    if (domain === undefined) continue;
    let count = counts.get(domain) ?? 0;
    for (const other of pods.values()) if (concerns(term, pod, other, state)) count++;
    counts.set(domain, count);
  }
  return counts;
}

/** Whether `term` of `pod` speaks of `other`: its namespaces (the pod's own where none are named) and labels. */
function concerns(term: PodAffinityTerm, pod: Pod, other: Pod, state: ScheduleState): boolean {
  const { namespace = "" } = other.metadata;
  const named =
    term.namespaces?.includes(namespace) ||
    (!term.namespaces?.length && !term.namespaceSelector && namespace === pod.metadata.namespace);
  if (!named && !selectsNamespace(term, namespace, state)) return false;
  return term.labelSelector !== undefined && matchesSelector(term.labelSelector, other.metadata.labels);
}

function selectsNamespace(term: PodAffinityTerm, namespace: string, state: ScheduleState): boolean {
  if (!term.namespaceSelector) return false;
  const labels = state.api.get("namespaces", undefined, namespace)?.metadata.labels;
  return matchesSelector(term.namespaceSelector, labels);
}

interface Kept {
  readonly wanted: readonly (readonly [PodAffinityTerm, Map<string, number>])[];
  readonly unwanted: readonly (readonly [PodAffinityTerm, Map<string, number>])[];
  readonly soft: readonly (readonly [PodAffinityTerm, number, Map<string, number>])[];
  /** Domains closed by the required anti-affinity of pods that are there, as "key=value". */
  readonly closed: ReadonlySet<string>;
}

function closedBy(pod: Pod, state: ScheduleState): Set<string> {
  const closed = new Set<string>();
  for (const { pod: other, node } of state.exclusive)
    for (const term of other.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [])
      if (concerns(term, other, pod, state))
        closed.add(`${term.topologyKey}=${node.metadata.labels?.[term.topologyKey]}`);
  return closed;
}

function softTerms(pod: Pod): Weighted[] {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const soft = (list: typeof podAffinity, sign: number): Weighted[] =>
    (list?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((p) => [p.podAffinityTerm, sign * p.weight]);
  return [...soft(podAffinity, 1), ...soft(podAntiAffinity, -1)];
}

/** Pods that want to be near others, or not near them. */
export const interPodAffinity: SchedulerPlugin = {
  name: "InterPodAffinity",
  weight: 2,
  preFilter(pod, state) {
    const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
    const counted = (terms: readonly PodAffinityTerm[] | undefined) =>
      (terms ?? []).map((term) => [term, countsByDomain(term, pod, state)] as const);
    const kept: Kept = {
      wanted: counted(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
      unwanted: counted(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
      soft: softTerms(pod).map(([term, weight]) => [term, weight, countsByDomain(term, pod, state)] as const),
      closed: closedBy(pod, state),
    };
    if (!podAffinity && !podAntiAffinity && kept.closed.size === 0) return "skip";
    state.kept.set("InterPodAffinity", kept);
    return undefined;
  },
  filter(pod, { node }, state) {
    const kept = state.kept.get("InterPodAffinity") as Kept;
    const labels = node.metadata.labels ?? {};
    for (const [term, counts] of kept.wanted) {
      const nobody = [...counts.values()].every((count) => count === 0);
      // The first of a group that wants its own company may go anywhere the key exists.
      const firstOfItsKind = nobody && concerns(term, pod, pod, state) && labels[term.topologyKey] !== undefined;
      if (!counts.get(labels[term.topologyKey] ?? "") && !firstOfItsKind)
        return { reasons: ["node(s) didn't match pod affinity rules"], unresolvable: true };
    }
    for (const [term, counts] of kept.unwanted)
      if (counts.get(labels[term.topologyKey] ?? ""))
        return { reasons: ["node(s) didn't match pod anti-affinity rules"], unresolvable: false };
    for (const closed of kept.closed) {
      const [key = "", value] = closed.split(/=(.*)/s);
      if (labels[key] !== undefined && labels[key] === value)
        return { reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"], unresolvable: false };
    }
    return undefined;
  },
  preScore: (_pod, _nodes, state) =>
    (state.kept.get("InterPodAffinity") as Kept).soft.length > 0 ? undefined : "skip",
  score(_pod, { node }: NodeInfo, state) {
    const kept = state.kept.get("InterPodAffinity") as Kept;
    let sum = 0;
    for (const [term, weight, counts] of kept.soft)
      sum += weight * (counts.get(node.metadata.labels?.[term.topologyKey] ?? "") ?? 0);
    return sum;
  },
  normalize(scores) {
    const [low, high] = [Math.min(...scores), Math.max(...scores)];
    for (let i = 0; i < scores.length; i++)
      scores[i] = high === low ? 0 : (100 * ((scores[i] ?? 0) - low)) / (high - low);
  },
};
