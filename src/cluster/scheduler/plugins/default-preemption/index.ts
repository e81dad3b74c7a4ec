import type { Pod } from "../../../../kinds/types/pod.ts";
import type { PodDisruptionBudget } from "../../../../kinds/types/policy.ts";
import type { NodeInfo, Refusal, Rescue, SchedulerPlugin, ScheduleState } from "../../define.ts";
import { refusedByAll } from "../../refusal-text.ts";
import { bestCandidate, type Candidate } from "./best-candidate.ts";
import { isBelow, victimsOn } from "./victims.ts";

/** DefaultPreemptionArgs: so many candidates are looked for, in per cent of the nodes and at least. */
interface Settings {
  readonly percentage: number;
  readonly absolute: number;
}

/** A pod that is ending because a scheduler wanted its room. */
function endsByPreemption({ metadata, status }: Pod): boolean {
  if (!metadata.deletionTimestamp) return false;
  const target = status?.conditions?.find(({ type }) => type === "DisruptionTarget");
  return target?.status === "True" && target.reason === "PreemptionByScheduler";
}

/** Why a pod must not take others' room now (default_preemption.go PodEligibleToPreemptOthers, 1.35). */
function ineligible(pod: Pod, state: ScheduleState, refused: ReadonlyMap<string, Refusal>): string | undefined {
  if (pod.spec.preemptionPolicy === "Never") return "not eligible due to preemptionPolicy=Never.";
  const name = pod.status?.nominatedNodeName;
  if (!name || refused.get(name)?.unresolvable !== false) return undefined;
  for (const other of state.node(name)?.pods.values() ?? [])
    if (isBelow(other, pod) && endsByPreemption(other))
      return "not eligible due to a terminating pod on the nominated node.";
  return undefined;
}

function preempt(pod: Pod, state: ScheduleState, refused: ReadonlyMap<string, Refusal>, settings: Settings): Rescue {
  const why = ineligible(pod, state, refused);
  if (why !== undefined) return { says: `preemption: ${why}` };
  const possible: NodeInfo[] = [];
  for (const [name, { unresolvable }] of refused) {
    const node = unresolvable ? undefined : state.node(name);
    if (node) possible.push(node);
  }
  const found = candidatesAmong(pod, state, possible, settings);
  if ("nodes" in found) {
    const best = bestCandidate(found.nodes);
    return { nominate: best.node, victims: best.victims };
  }
  const others = "Preemption is not helpful for scheduling";
  const text = refusedByAll(found.refusals, state.nodes.length, others);
  return { says: `preemption: ${text}`, nominate: "" };
}

type Found = { readonly nodes: readonly [Candidate, ...Candidate[]] } | { readonly refusals: readonly Refusal[] };

const noVictims: Refusal = { reasons: ["No preemption victims found for incoming pod"], unresolvable: true };

/** Tries the nodes from a random one on, until there are enough candidates (preemption.go DryRunPreemption, 1.35). */
function candidatesAmong(
  pod: Pod,
  state: ScheduleState,
  nodes: readonly NodeInfo[],
  { percentage, absolute }: Settings,
): Found {
  if ((pod.spec.priority ?? 0) <= state.lowestPriority) return { refusals: nodes.map(() => noVictims) };
  const wanted = Math.min(nodes.length, Math.max(Math.floor((nodes.length * percentage) / 100), absolute));
  const budgets = state.api.list<PodDisruptionBudget>("poddisruptionbudgets.policy");
  const start = nodes.length > 0 ? state.random.below(nodes.length) : 0;
  const kind: Candidate[] = [];
  const violating: Candidate[] = [];
  const refusals: Refusal[] = [];
  for (let i = 0; i < nodes.length; i++) {
    if (kind.length > 0 && kind.length + violating.length >= wanted) break;
    const node = nodes[(start + i) % nodes.length] as NodeInfo;
    const found = victimsOn(pod, node, state, budgets) ?? noVictims;
    if ("reasons" in found) refusals.push(found);
    else if (found.violations > 0) violating.push(found);
    else kind.push(found);
  }
  const [first, ...rest] = [...kind, ...violating];
  return first ? { nodes: [first, ...rest] } : { refusals };
}

function preemptionWith(settings: Settings): SchedulerPlugin {
  return {
    name: "DefaultPreemption",
    alsoAt: ["preEnqueue"],
    withArgs: ({ minCandidateNodesPercentage, minCandidateNodesAbsolute }) =>
      preemptionWith({
        percentage: (minCandidateNodesPercentage ?? 10) as number,
        absolute: (minCandidateNodesAbsolute ?? 100) as number,
      }),
    postFilter: (pod, state, refused) => preempt(pod, state, refused, settings),
  };
}

/** A pod that fits nowhere takes the room of less important ones. */
export const defaultPreemption = preemptionWith({ percentage: 10, absolute: 100 });
