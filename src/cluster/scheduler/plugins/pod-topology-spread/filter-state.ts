import type { Pod } from "../../../../kinds/types/pod.ts";
import type { NodeInfo, ScheduleState } from "../../define.ts";
import { countDomains, countedDomains, countsOn, isSelected, type Spread } from "./constraints.ts";

/** A constraint that must be kept, with the pods in each domain. */
export interface SpreadFilter {
  readonly spread: Spread;
  readonly all: readonly Spread[];
  readonly counts: ReadonlyMap<string, number>;
  /** All domains, also those without pods. */
  readonly domains: ReadonlyMap<string, number>;
  /** Whether the pod itself is one of those that are counted. */
  readonly self: number;
  /** Pods that are there or away in thought only. */
  readonly supposed: Map<string, number>;
  /** The fewest pods in any domain. */
  least: number;
}

/** What the filter needs of a pod's constraints. */
export function filterStateOf(pod: Pod, spreads: readonly Spread[], state: ScheduleState): readonly SpreadFilter[] {
  return spreads.map((spread) => {
    const known = countedDomains(pod, spread, spreads, true, state);
    const counts = known ?? countDomains(pod, spread, spreads, true, state);
    const domains = known ? state.topology(spread.constraint.topologyKey).values : counts;
    const self = isSelected(spread, pod) ? 1 : 0;
    const filter = { spread, all: spreads, counts, domains, self, supposed: new Map<string, number>(), least: 0 };
    filter.least = leastOf(filter);
    return filter;
  });
}

function leastOf({ counts, domains, supposed }: SpreadFilter): number {
  if (supposed.size === 0) {
    if (counts.size < domains.size) return 0;
    let least = Number.POSITIVE_INFINITY;
    for (const count of counts.values()) if (count < least) least = count;
    return least;
  }
  let least = Number.POSITIVE_INFINITY;
  for (const domain of domains.keys()) least = Math.min(least, (counts.get(domain) ?? 0) + (supposed.get(domain) ?? 0));
  return least;
}

/** By how much a domain would be ahead of the emptiest with the pod in it. */
export function skewOf({ spread, counts, domains, self, supposed, least }: SpreadFilter, domain: string): number {
  const enough = domains.size >= (spread.constraint.minDomains ?? 1);
  return (counts.get(domain) ?? 0) + (supposed.get(domain) ?? 0) + self - (enough ? least : 0);
}

/** A pod comes to a node or leaves it in thought. */
export function supposeSpread(
  filters: readonly SpreadFilter[],
  pod: Pod,
  other: Pod,
  node: NodeInfo,
  sign: 1 | -1,
): void {
  if (other.metadata.namespace !== pod.metadata.namespace || other.metadata.deletionTimestamp) return;
  for (const filter of filters) {
    const { spread, all, supposed } = filter;
    if (!isSelected(spread, other) || !countsOn(pod, spread, all, node)) continue;
    const domain = node.node.metadata.labels?.[spread.constraint.topologyKey] ?? "";
    const now = (supposed.get(domain) ?? 0) + sign;
    if (now === 0) supposed.delete(domain);
    else supposed.set(domain, now);
    filter.least = leastOf(filter);
  }
}
