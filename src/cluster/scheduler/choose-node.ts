import type { Random } from "../../base/random.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { NodeInfo, OnlyNodes, Refusal, SchedulerPlugin, ScheduleState } from "./define.ts";
import type { Profile } from "./profile.ts";
import { refusedByAll, refusedEverywhere } from "./refusal-text.ts";

/** Why a pod found no node. */
export interface Failure {
  /** What FailedScheduling says, without what preemption adds; undefined where there are no nodes. */
  readonly text: string;
  /** The nodes that were looked at and refused; none where the pod fits nowhere for a reason of its own. */
  readonly refused: ReadonlyMap<string, Refusal>;
  /** The plugins whose refusals stand in the way: events that help them are reason to try again. */
  readonly plugins: ReadonlySet<string>;
}

type Choice = { readonly node: NodeInfo; readonly next: number } | { readonly failure: Failure; readonly next: number };

/** How many fitting nodes are enough (schedule_one.go numFeasibleNodesToFind, 1.35): all up to 100, then ever fewer per cent. */
function enoughOf(nodes: number, percentage: number): number {
  if (nodes < 100 || percentage === 100) return nodes;
  const percent = percentage > 0 ? percentage : Math.max(5, 50 - Math.floor(nodes / 125));
  return Math.max(100, Math.floor((nodes * percent) / 100));
}

const nobody: ReadonlyMap<string, Refusal> = new Map();

/** What the preFilters of a profile let a pod do. */
interface Admitted {
  readonly only: readonly string[] | undefined;
  readonly onlyBy: readonly string[];
}

/** The attempt to find a node for a pod: the filters that have something to say, and who refused. */
export class Attempt {
  private readonly pod: Pod;
  private readonly state: ScheduleState;
  private readonly profile: Profile;
  /** The plugins whose preFilter said that they have nothing to filter. */
  private readonly idle = new Set<SchedulerPlugin>();
  private filters: readonly SchedulerPlugin[] = [];
  private readonly refusers = new Set<string>();

  constructor(pod: Pod, state: ScheduleState, profile: Profile) {
    this.pod = pod;
    this.state = state;
    this.profile = profile;
  }

  /** Filters and scores the nodes, beginning at the node `start`; the next pod begins where this one stopped. */
  choose(start: number, random: Random): Choice {
    const { nodes } = this.state;
    if (nodes.length === 0) {
      const failure = { text: "no nodes available to schedule pods", refused: nobody, plugins: this.refusers };
      return { failure, next: 0 };
    }
    const admitted = this.preFilter();
    if ("reasons" in admitted) {
      const failure = { text: refusedEverywhere(admitted, nodes.length), refused: nobody, plugins: this.refusers };
      return { failure, next: start };
    }
    this.filters = this.profile.filter.filter((plugin) => !this.idle.has(plugin) && !plugin.hasNothingFor?.(this.pod));
    const promised = this.state.node(this.pod.status?.nominatedNodeName ?? "");
    if (promised && (!admitted.only || admitted.only.includes(promised.node.metadata.name)))
      if (!this.refusalOf(promised)) return { node: promised, next: start };
    return admitted.only ? this.among(admitted, admitted.only, start, random) : this.amongAll(start, random);
  }

  private preFilter(): Admitted | Refusal {
    let only: readonly string[] | undefined;
    const onlyBy: string[] = [];
    for (const plugin of this.profile.preFilter) {
      const answer = plugin.preFilter?.(this.pod, this.state);
      if (answer === undefined) continue;
      if (answer === "skip") {
        this.idle.add(plugin);
        continue;
      }
      if ("reasons" in answer) {
        this.refusers.add(plugin.name);
        return answer;
      }
      only = both(only, answer);
      onlyBy.push(plugin.name);
      if (only.length > 0) continue;
      for (const name of onlyBy) this.refusers.add(name);
      const list = `[${onlyBy.join(" ")}]`;
      const text = onlyBy.length === 1 ? `plugin ${onlyBy[0]}` : `plugin(s) ${list} simultaneously`;
      return { reasons: [`node(s) didn't satisfy ${text}`], unresolvable: true };
    }
    return { only, onlyBy };
  }

  private amongAll(start: number, random: Random): Choice {
    const { nodes } = this.state;
    const fitting: NodeInfo[] = [];
    const refused = new Map<string, Refusal>();
    const enough = enoughOf(nodes.length, this.profile.percentageOfNodesToScore);
    let looked = 0;
    for (; looked < nodes.length && fitting.length < enough; looked++) {
      const node = nodes[(start + looked) % nodes.length] as NodeInfo;
      const refusal = this.refusalOf(node);
      if (refusal) refused.set(node.node.metadata.name, refusal);
      else fitting.push(node);
    }
    const next = (start + looked) % nodes.length;
    if (fitting.length > 0) return { node: this.best(fitting, random), next };
    const text = refusedByAll(refused.values(), nodes.length, undefined);
    return { failure: { text, refused, plugins: this.refusers }, next };
  }

  /** The choice where plugins have named the only nodes; all others were not looked at. */
  private among({ onlyBy }: Admitted, only: readonly string[], next: number, random: Random): Choice {
    const fitting: NodeInfo[] = [];
    const refused = new Map<string, Refusal>();
    for (const name of only) {
      const node = this.state.node(name);
      const refusal = node && this.refusalOf(node);
      if (refusal) refused.set(name, refusal);
      else if (node) fitting.push(node);
    }
    if (fitting.length > 0) return { node: this.best(fitting, random), next };
    for (const name of onlyBy) this.refusers.add(name);
    const others = `node(s) didn't satisfy plugin(s) [${onlyBy.toSorted().join(" ")}]`;
    const text = refusedByAll(refused.values(), this.state.nodes.length, others);
    return { failure: { text, refused, plugins: this.refusers }, next };
  }

  /** Why the pod cannot be on a node; pods that were promised room there, and are not less important, are counted in. */
  refusalOf(node: NodeInfo): Refusal | undefined {
    if (this.state.promises) {
      const promised = this.state.nominated(node.node.metadata.name);
      const refusal = promised.length > 0 ? this.withPromised(node, promised) : undefined;
      if (refusal) return refusal;
    }
    return this.firstRefusal(node);
  }

  private withPromised(node: NodeInfo, promised: readonly Pod[]): Refusal | undefined {
    const { uid } = this.pod.metadata;
    const priority = this.pod.spec.priority ?? 0;
    const guests = promised.filter((other) => other.metadata.uid !== uid && (other.spec.priority ?? 0) >= priority);
    if (guests.length === 0) return undefined;
    const copy = node.copy();
    for (const guest of guests) {
      copy.put(guest);
      this.suppose(guest, node, 1);
    }
    const refusal = this.firstRefusal(copy);
    for (const guest of guests) this.suppose(guest, node, -1);
    return refusal;
  }

  /** Lets the plugins know that in thought a pod is put on a node or taken off it. */
  suppose(other: Pod, node: NodeInfo, sign: 1 | -1): void {
    for (const plugin of this.filters) plugin.supposed?.(this.pod, other, node, sign, this.state);
  }

  private firstRefusal(node: NodeInfo): Refusal | undefined {
    const { filters, pod, state } = this;
    for (let i = 0; i < filters.length; i++) {
      const plugin = filters[i] as SchedulerPlugin;
      const refusal = plugin.filter?.(pod, node, state);
      if (!refusal) continue;
      this.refusers.add(plugin.name);
      return refusal;
    }
    return undefined;
  }

  private best(nodes: readonly NodeInfo[], random: Random): NodeInfo {
    const { pod, state } = this;
    if (nodes.length === 1) return nodes[0] as NodeInfo;
    const totals = new Float64Array(nodes.length);
    const scores = new Float64Array(nodes.length);
    for (const { plugin, weight } of this.profile.score) {
      if (plugin.preScore?.(pod, nodes, state) === "skip") continue;
      if (plugin.scoreAll) plugin.scoreAll(nodes, scores, state);
      else for (let i = 0; i < nodes.length; i++) scores[i] = plugin.score?.(pod, nodes[i] as NodeInfo, state) ?? 0;
      plugin.normalize?.(scores, nodes, state);
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
}

function both(one: readonly string[] | undefined, { nodes }: OnlyNodes): readonly string[] {
  return one ? one.filter((name) => nodes.includes(name)) : nodes;
}
