import type { Pod } from "../../../../kinds/types/pod.ts";
import type { NodeInfo, ScheduleState } from "../../define.ts";
import { countDomains, countedDomains, hasAllKeys, type Spread } from "./constraints.ts";

const HOSTNAME = "kubernetes.io/hostname";

interface Part {
  readonly maxSkew: number;
  /** The domains of the nodes, by their index. */
  readonly ids: Int32Array;
  /** The matching pods in each domain, or on each node. */
  readonly counts: Float64Array | ReadonlyMap<NodeInfo, number>;
  /** Small topologies weigh as much as large ones. */
  readonly weight: number;
}

/** What the score needs of a pod's soft constraints. */
export interface SpreadScore {
  readonly parts: readonly Part[];
  /** Tells the nodes that lack a label and score nothing; undefined where there are none. */
  readonly ignored: ((node: NodeInfo) => boolean) | undefined;
}

/** Undefined where the nodes are all alike. */
export function preScoreSpread(
  pod: Pod,
  spreads: readonly Spread[],
  nodes: readonly NodeInfo[],
  state: ScheduleState,
  needsAll: boolean,
): SpreadScore | undefined {
  if (spreads.length === 0 || (spreads.every(({ set }) => set.total === 0) && haveAlike(spreads, state)))
    return undefined;
  const everywhere = haveAll(spreads, state);
  const ignored = needsAll && !everywhere ? (node: NodeInfo) => !hasAllKeys(node, spreads) : undefined;
  const scored = ignored ? nodes.filter((node) => !ignored(node)) : nodes;
  const present = spreads.filter(({ constraint }) => state.topology(constraint.topologyKey).nodes > 0);
  const parts = present.map((spread): Part => {
    const { topologyKey: key, maxSkew } = spread.constraint;
    const { ids, values } = state.topology(key);
    if (key === HOSTNAME) return { maxSkew, ids, counts: spread.set.byNode, weight: Math.log(scored.length + 2) };
    const found =
      countedDomains(pod, spread, spreads, needsAll, state) ?? countDomains(pod, spread, spreads, needsAll, state);
    const counts = Float64Array.from(values.keys(), (domain) => found.get(domain) ?? 0);
    return { maxSkew, ids, counts, weight: Math.log(domainsAmong(scored, key, state) + 2) };
  });
  return { parts, ignored };
}

/** How many domains the nodes are in; to have no label is one too. */
function domainsAmong(nodes: readonly NodeInfo[], key: string, state: ScheduleState): number {
  const { nodes: labelled, values } = state.topology(key);
  const most = values.size + (labelled < state.nodes.length ? 1 : 0);
  const seen = new Set<string>();
  for (const { node } of nodes) {
    seen.add(node.metadata.labels?.[key] ?? "");
    if (seen.size === most) break;
  }
  return seen.size;
}

function haveAll(spreads: readonly Spread[], state: ScheduleState): boolean {
  return spreads.every(({ constraint }) => state.topology(constraint.topologyKey).nodes === state.nodes.length);
}

/** Whether each label is on all nodes or on none. */
function haveAlike(spreads: readonly Spread[], state: ScheduleState): boolean {
  return spreads.every(({ constraint }) => {
    const { nodes } = state.topology(constraint.topologyKey);
    return nodes === 0 || nodes === state.nodes.length;
  });
}

/** The pods on each node, by its index; all zero but while it is used. */
let onNodes = new Float64Array(0);

/** The fewer matching pods, the lower; normalising turns it round. */
export function scoreSpread(nodes: readonly NodeInfo[], scores: Float64Array, { parts, ignored }: SpreadScore): void {
  scores.fill(0);
  for (const { ids, counts, weight, maxSkew } of parts)
    if (counts instanceof Float64Array)
      for (let i = 0; i < nodes.length; i++) {
        const id = ids[(nodes[i] as NodeInfo).index] as number;
        if (id >= 0) scores[i] = (scores[i] as number) + (counts[id] as number) * weight + maxSkew - 1;
      }
    else scoreHosts(nodes, scores, ids, counts, weight, maxSkew);
  for (let i = 0; i < scores.length; i++) {
    if (ignored?.(nodes[i] as NodeInfo)) scores[i] = 0;
    else scores[i] = Math.round(scores[i] as number);
  }
}

function scoreHosts(
  nodes: readonly NodeInfo[],
  scores: Float64Array,
  ids: Int32Array,
  counts: ReadonlyMap<NodeInfo, number>,
  weight: number,
  maxSkew: number,
): void {
  if (onNodes.length < ids.length) onNodes = new Float64Array(ids.length);
  for (const [{ index }, count] of counts) onNodes[index] = count;
  for (let i = 0; i < nodes.length; i++) {
    const { index } = nodes[i] as NodeInfo;
    if ((ids[index] as number) >= 0)
      scores[i] = (scores[i] as number) + (onNodes[index] as number) * weight + maxSkew - 1;
  }
  for (const { index } of counts.keys()) onNodes[index] = 0;
}

/** 100 for the least (podtopologyspread NormalizeScore, 1.35); nothing for nodes that are ignored. */
export function normalizeSpread(scores: Float64Array, nodes: readonly NodeInfo[], state: ScheduleState): void {
  const { ignored } = state.kept.get("PodTopologySpread scoring") as SpreadScore;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    if (ignored?.(nodes[i] as NodeInfo)) continue;
    if (score < least) least = score;
    if (score > most) most = score;
  }
  for (let i = 0; i < scores.length; i++)
    if (ignored?.(nodes[i] as NodeInfo)) scores[i] = 0;
    else scores[i] = most === 0 ? 100 : Math.floor((100 * (most + least - (scores[i] as number))) / most);
}
