import type { JsonObject } from "../../../../base/json.ts";
import { matchesSelector } from "../../../../kinds/label-selector.ts";
import type { Pod } from "../../../../kinds/types/pod.ts";
import type { ClusterEvent, Refusal, SchedulerPlugin } from "../../define.ts";
import { newNode } from "../../events.ts";
import { selectorOfTerm } from "../../term-selector.ts";
import { type SpreadConstraint, spreadsOf } from "./constraints.ts";
import { filterStateOf, type SpreadFilter, skewOf, supposeSpread } from "./filter-state.ts";
import { normalizeSpread, preScoreSpread, type SpreadScore, scoreSpread } from "./scoring.ts";

const NAME = "PodTopologySpread";
const SCORING = "PodTopologySpread scoring";

/** What is so where neither pod nor configuration says anything (podtopologyspread/plugin.go systemDefaultConstraints, 1.35). */
const systemDefaults: readonly SpreadConstraint[] = [
  { topologyKey: "kubernetes.io/hostname", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 3 },
  { topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", maxSkew: 5 },
];

const REASON = "node(s) didn't match pod topology spread constraints";
const unmatched: Refusal = { reasons: [REASON], unresolvable: false };
const noLabel: Refusal = { reasons: [`${REASON} (missing required label)`], unresolvable: true };

function withDefaults(args: JsonObject): SchedulerPlugin {
  const { defaultConstraints, defaultingType } = args as {
    defaultConstraints?: readonly SpreadConstraint[];
    defaultingType?: string;
  };
  const defaults = defaultingType === "List" ? (defaultConstraints ?? []) : systemDefaults;
  const bySystem = defaults === systemDefaults;
  return {
    name: NAME,
    weight: 2,
    withArgs: (other) => withDefaults(other),
    preFilter(pod, state) {
      const spreads = spreadsOf(pod, "DoNotSchedule", defaults, state);
      if (spreads.length === 0) return "skip";
      state.kept.set(NAME, filterStateOf(pod, spreads, state));
      return undefined;
    },
    filter(_pod, { node }, { kept }) {
      for (const filter of kept.get(NAME) as readonly SpreadFilter[]) {
        const domain = node.metadata.labels?.[filter.spread.constraint.topologyKey];
        if (domain === undefined) return noLabel;
        if (skewOf(filter, domain) > filter.spread.constraint.maxSkew) return unmatched;
      }
      return undefined;
    },
    supposed: (pod, other, node, sign, { kept }) =>
      supposeSpread(kept.get(NAME) as readonly SpreadFilter[], pod, other, node, sign),
    preScore(pod, nodes, state) {
      const spreads = spreadsOf(pod, "ScheduleAnyway", defaults, state);
      const scoring = preScoreSpread(pod, spreads, nodes, state, !bySystem || hasOwn(pod));
      if (!scoring) return "skip";
      state.kept.set(SCORING, scoring);
      return undefined;
    },
    scoreAll: (nodes, scores, { kept }) => scoreSpread(nodes, scores, kept.get(SCORING) as SpreadScore),
    normalize: normalizeSpread,
    helpedBy: mayHelp,
  };
}

function hasOwn({ spec }: Pod): boolean {
  return (spec.topologySpreadConstraints?.length ?? 0) > 0;
}

function mayHelp(event: ClusterEvent, pod: Pod): boolean {
  const constraints = (pod.spec.topologySpreadConstraints ?? []) as unknown as readonly SpreadConstraint[];
  if (constraints.length === 0) return true;
  if (event.of === "pod") {
    if (event.object.metadata.namespace !== pod.metadata.namespace) return false;
    const speaksOf = ({ metadata }: Pod) =>
      constraints.some((one) => matchesSelector(selectorOfTerm(one, pod), metadata.labels));
    return speaksOf(event.object) || (event.old !== undefined && speaksOf(event.old));
  }
  if (event.of === "node" && event.type === "DELETED") return true;
  return newNode(event, ({ metadata, spec }) => [metadata.labels, spec.taints, spec.unschedulable]) !== undefined;
}

/** Pods that are to be spread evenly over nodes, zones and the like. */
export const podTopologySpread = withDefaults({});
