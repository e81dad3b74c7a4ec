import type { Random } from "../../base/random.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { NodeInfo, Refusal, SchedulerPlugin, ScheduleState } from "./define.ts";

export type Choice =
  | { readonly node: NodeInfo; readonly next: number }
  | { readonly refused: string; readonly next: number };

/** How many fitting nodes are enough (schedule_one.go numFeasibleNodesToFind, 1.35): all up to 100, then ever fewer per cent. */
function enoughOf(nodes: number): number {
  if (nodes < 100) return nodes;
  const percent = Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(100, Math.floor((nodes * percent) / 100));
}

/** Filters and scores the nodes for a pod, beginning at the node `start`; the next pod begins where this one stopped. */
export function chooseNode(
  pod: Pod,
  state: ScheduleState,
  plugins: readonly SchedulerPlugin[],
  start: number,
  random: Random,
): Choice {
  const { nodes } = state;
  if (nodes.length === 0) return { refused: "no nodes available to schedule pods", next: 0 };
  const active: SchedulerPlugin[] = [];
  let only: readonly string[] | undefined;
  for (const plugin of plugins) {
    const answer = plugin.preFilter?.(pod, state);
    if (answer === "skip") continue;
    if (answer && "nodes" in answer) {
      only = answer.nodes;
      active.push(plugin);
    } else if (answer) return { refused: refusedEverywhere(answer, nodes.length), next: start };
    else active.push(plugin);
  }
  if (only) return among(pod, only, state, active, start, random);
  const fitting: NodeInfo[] = [];
  const refusals: Refusal[] = [];
  const enough = enoughOf(nodes.length);
  const filters = active.filter(({ filter }) => filter);
  let looked = 0;
  for (; looked < nodes.length && fitting.length < enough; looked++) {
    const node = nodes[(start + looked) % nodes.length] as NodeInfo;
    const refusal = firstRefusal(pod, node, state, filters);
    if (refusal) refusals.push(refusal);
    else fitting.push(node);
  }
  const next = (start + looked) % nodes.length;
  if (fitting.length === 0) return { refused: refusedByAll(refusals), next };
  return { node: best(pod, fitting, state, active, random), next };
}

/** The choice where a plugin has named the only nodes; all others were not looked at. */
function among(
  pod: Pod,
  names: readonly string[],
  state: ScheduleState,
  active: readonly SchedulerPlugin[],
  next: number,
  random: Random,
): Choice {
  const fitting: NodeInfo[] = [];
  const refusals: Refusal[] = [];
  for (const name of names) {
    const node = state.node(name);
    if (!node) continue;
    const refusal = firstRefusal(pod, node, state, active);
    if (refusal) refusals.push(refusal);
    else fitting.push(node);
  }
  if (fitting.length > 0) return { node: best(pod, fitting, state, active, random), next };
  const other: Refusal = { reasons: ["node(s) didn't satisfy plugin(s) [NodeAffinity]"], unresolvable: true };
  while (refusals.length < state.nodes.length) refusals.push(other);
  return { refused: refusedByAll(refusals), next };
}

function firstRefusal(
  pod: Pod,
  node: NodeInfo,
  state: ScheduleState,
  filters: readonly SchedulerPlugin[],
): Refusal | undefined {
  for (let i = 0; i < filters.length; i++) {
    const refusal = filters[i]?.filter?.(pod, node, state);
    if (refusal) return refusal;
  }
  return undefined;
}

function best(
  pod: Pod,
  nodes: readonly NodeInfo[],
  state: ScheduleState,
  plugins: readonly SchedulerPlugin[],
  random: Random,
): NodeInfo {
  if (nodes.length === 1) return nodes[0] as NodeInfo;
  const totals = new Float64Array(nodes.length);
  const scores = new Float64Array(nodes.length);
  for (const plugin of plugins) {
    if (!plugin.score || plugin.preScore?.(pod, nodes, state) === "skip") continue;
    for (let i = 0; i < nodes.length; i++) scores[i] = plugin.score(pod, nodes[i] as NodeInfo, state);
    plugin.normalize?.(scores);
    const { weight = 1 } = plugin;
    for (let i = 0; i < scores.length; i++) totals[i] = (totals[i] ?? 0) + (scores[i] ?? 0) * weight;
  }
  let top = Number.NEGATIVE_INFINITY;
  let tied: number[] = [];
  for (let i = 0; i < totals.length; i++) {
    const total = totals[i] ?? 0;
    if (total > top) {
      top = total;
      tied = [i];
    } else if (total === top) tied.push(i);
  }
  return nodes[tied.length === 1 ? (tied[0] ?? 0) : random.pick(tied)] as NodeInfo;
}

const counted = (counts: ReadonlyMap<string, number>): string =>
  [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(", ");

function count(counts: Map<string, number>, reason: string): void {
  counts.set(reason, (counts.get(reason) ?? 0) + 1);
}

/** FitError's text (pkg/scheduler/framework/types.go, 1.35). */
function refusedByAll(refusals: readonly Refusal[]): string {
  const reasons = new Map<string, number>();
  const preemption = new Map<string, number>();
  for (const { reasons: all, unresolvable } of refusals) {
    for (const reason of all) count(reasons, reason);
    count(
      preemption,
      unresolvable ? "Preemption is not helpful for scheduling" : "No preemption victims found for incoming pod",
    );
  }
  const n = refusals.length;
  return `0/${n} nodes are available: ${counted(reasons)}. no new claims to deallocate, preemption: 0/${n} nodes are available: ${counted(preemption)}.`;
}

function refusedEverywhere({ reasons }: Refusal, n: number): string {
  const preemption = `preemption: 0/${n} nodes are available: ${n} Preemption is not helpful for scheduling.`;
  return `0/${n} nodes are available: ${reasons.join(", ")}. no new claims to deallocate, ${preemption}`;
}
