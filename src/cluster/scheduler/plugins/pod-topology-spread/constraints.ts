import { matchesSelector } from "../../../../kinds/label-selector.ts";
import { tolerates } from "../../../../kinds/tolerations.ts";
import type { LabelSelector } from "../../../../kinds/types/meta.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import type { NodeInfo, PodSet, ScheduleState } from "../../define.ts";
import { meetsNodeAffinity } from "../../required-node-affinity.ts";
import { selectorOfTerm } from "../../term-selector.ts";
import { defaultSelector } from "./default-selector.ts";

/** A constraint as it stands in a pod, or in PodTopologySpreadArgs. */
export interface SpreadConstraint {
  readonly maxSkew: number;
  readonly topologyKey: string;
  readonly whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway";
  readonly labelSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly minDomains?: number;
  readonly nodeAffinityPolicy?: "Honor" | "Ignore";
  readonly nodeTaintsPolicy?: "Honor" | "Ignore";
}

/** A constraint of a pod, with the pods it speaks of. */
export interface Spread {
  readonly constraint: SpreadConstraint;
  readonly selector: LabelSelector | undefined;
  readonly set: PodSet;
}

const nobody: PodSet = { total: 0, byNode: new Map(), domains: () => new Map() };

/** The constraints of a pod that ask for `action`; where it has none of its own, the defaults, for what its owner selects. */
export function spreadsOf(
  pod: Pod,
  action: SpreadConstraint["whenUnsatisfiable"],
  defaults: readonly SpreadConstraint[],
  state: ScheduleState,
): readonly Spread[] {
  const own = (pod.spec.topologySpreadConstraints ?? []) as unknown as readonly SpreadConstraint[];
  const { namespace = "" } = pod.metadata;
  const spreadOf = (constraint: SpreadConstraint, selector: LabelSelector | undefined): Spread => {
    const set = selector ? state.podsThat([{ namespaces: [namespace], selector }], true) : nobody;
    return { constraint, selector, set };
  };
  const asking = (list: readonly SpreadConstraint[]) => list.filter((one) => one.whenUnsatisfiable === action);
  if (own.length > 0) return asking(own).map((one) => spreadOf(one, selectorOfTerm(one, pod)));
  const usual = asking(defaults);
  const selector = usual.length > 0 ? defaultSelector(pod, state) : undefined;
  return selector ? usual.map((one) => spreadOf(one, selector)) : [];
}

/** Whether a pod's constraint counts on a node at all: by its nodeAffinityPolicy and nodeTaintsPolicy. */
function isIncluded(pod: Pod, { constraint }: Spread, { node, taints }: NodeInfo): boolean {
  const { nodeAffinityPolicy = "Honor", nodeTaintsPolicy = "Ignore" } = constraint;
  if (nodeAffinityPolicy === "Honor" && !meetsNodeAffinity(pod, node)) return false;
  if (nodeTaintsPolicy === "Ignore") return true;
  return !taints?.some((taint) => taint.effect !== "PreferNoSchedule" && !tolerates(pod.spec.tolerations, taint));
}

/** Whether a constraint includes every node, whatever its labels and taints. */
function includesAll({ spec }: Pod, { constraint }: Spread): boolean {
  const { nodeAffinityPolicy = "Honor", nodeTaintsPolicy = "Ignore" } = constraint;
  const choosy = spec.nodeSelector ?? spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  return nodeTaintsPolicy === "Ignore" && (nodeAffinityPolicy === "Ignore" || !choosy);
}

/** Whether a node has the labels of all constraints. */
export function hasAllKeys({ node }: NodeInfo, spreads: readonly Spread[]): boolean {
  return spreads.every(({ constraint }) => node.metadata.labels?.[constraint.topologyKey] !== undefined);
}

/** Whether a pod on this node counts for a constraint. */
export function countsOn(pod: Pod, spread: Spread, spreads: readonly Spread[], node: NodeInfo): boolean {
  return hasAllKeys(node, spreads) && isIncluded(pod, spread, node);
}

export function isSelected(spread: Spread, { metadata }: Pod): boolean {
  return spread.selector !== undefined && matchesSelector(spread.selector, metadata.labels);
}

/**
 * The pods that count in each domain, if no node is left out: then they are counted already. `needsAll`: nodes without
 * some of the keys are left out.
 */
export function countedDomains(
  pod: Pod,
  spread: Spread,
  spreads: readonly Spread[],
  needsAll: boolean,
  state: ScheduleState,
): ReadonlyMap<string, number> | undefined {
  if (!includesAll(pod, spread)) return undefined;
  if (needsAll && spreads.length > 1)
    for (const { constraint } of spreads)
      if (state.topology(constraint.topologyKey).nodes < state.nodes.length) return undefined;
  return spread.set.domains(spread.constraint.topologyKey);
}

/** The same counted node by node, with the domains that have none. */
export function countDomains(
  pod: Pod,
  spread: Spread,
  spreads: readonly Spread[],
  needsAll: boolean,
  state: ScheduleState,
): Map<string, number> {
  const counts = new Map<string, number>();
  const { topologyKey } = spread.constraint;
  for (const node of state.nodes) {
    if (needsAll ? !countsOn(pod, spread, spreads, node) : !isIncluded(pod, spread, node)) continue;
    const domain = node.node.metadata.labels?.[topologyKey];
    if (domain === undefined) continue;
    counts.set(domain, (counts.get(domain) ?? 0) + (spread.set.byNode.get(node) ?? 0));
  }
  return counts;
}
