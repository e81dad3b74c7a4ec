import { matchesSelector } from "../../../kinds/label-selector.ts";
import type { Pod, PodAffinityTerm } from "../../../kinds/types/pod.ts";
import type { ClusterEvent, NodeInfo, PlacedTerm, PodSet, SchedulerPlugin, ScheduleState } from "../define.ts";
import { newNode } from "../events.ts";
import { namespacesOf } from "../term-namespaces.ts";
import { selectorOfTerm } from "../term-selector.ts";

const NAME = "InterPodAffinity";
const SCORING = "InterPodAffinity scoring";

/** Pods in each domain, with those that are there or away in thought only. */
interface Counted {
  readonly term: PodAffinityTerm;
  readonly counts: ReadonlyMap<string, number>;
  readonly supposed: Map<string, number>;
}

interface Kept {
  /** The pods counted are those that all the terms speak of. */
  readonly wanted: readonly Counted[];
  readonly unwanted: readonly Counted[];
  /** Domains from which placed pods keep others away, by topology key. */
  readonly closed: readonly Counted[];
}

const nobody: PodSet = { total: 0, byNode: new Map(), domains: () => new Map() };

function setOf(terms: readonly PodAffinityTerm[], pod: Pod, state: ScheduleState): PodSet {
  const queries = terms.map((term) => ({
    namespaces: namespacesOf(term, pod, state.api),
    selector: selectorOfTerm(term, pod),
  }));
  const whole = queries.flatMap(({ namespaces, selector }) => (selector ? [{ namespaces, selector }] : []));
  return whole.length === queries.length && whole.length > 0 ? state.podsThat(whole, false) : nobody;
}

const counted = (term: PodAffinityTerm, set: PodSet): Counted => ({
  term,
  counts: set.domains(term.topologyKey),
  supposed: new Map(),
});

const requiredOf = (affinity: { requiredDuringSchedulingIgnoredDuringExecution?: PodAffinityTerm[] } | undefined) =>
  affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

function keptOf(pod: Pod, state: ScheduleState): Kept | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const [near, apart] = [requiredOf(podAffinity), requiredOf(podAntiAffinity)];
  const repelling = state.termsAbout(pod).filter(({ effect }) => effect === "repels");
  if (near.length === 0 && apart.length === 0 && repelling.length === 0) return undefined;
  const company = near.length > 0 ? setOf(near, pod, state) : nobody;
  return {
    wanted: near.map((term) => counted(term, company)),
    unwanted: apart.map((term) => counted(term, setOf([term], pod, state))),
    closed: repelling.map(({ term, domains }) => ({ term, counts: domains, supposed: new Map() })),
  };
}

function countIn({ term, counts, supposed }: Counted, { node }: NodeInfo): number {
  const domain = node.metadata.labels?.[term.topologyKey];
  return domain === undefined ? 0 : (counts.get(domain) ?? 0) + (supposed.get(domain) ?? 0);
}

const isEmpty = ({ counts, supposed }: Counted) =>
  (supposed.size === 0 && counts.size === 0) ||
  [...counts].every(([domain, count]) => count + (supposed.get(domain) ?? 0) <= 0);

/** Whether the company a pod wants is on the node; the first of a group that wants its own company needs none yet. */
function hasCompany(wanted: readonly Counted[], pod: Pod, node: NodeInfo, state: ScheduleState): boolean {
  let present = true;
  for (const one of wanted) {
    if (node.node.metadata.labels?.[one.term.topologyKey] === undefined) return false;
    if (countIn(one, node) <= 0) present = false;
  }
  return present || (wanted.every(isEmpty) && wanted.every(({ term }) => state.concerns(term, pod, pod)));
}

function suppose(list: readonly Counted[], node: NodeInfo, sign: 1 | -1, applies: (one: Counted) => boolean): void {
  for (const one of list) {
    const domain = node.node.metadata.labels?.[one.term.topologyKey];
    if (domain === undefined || !applies(one)) continue;
    const now = (one.supposed.get(domain) ?? 0) + sign;
    if (now === 0) one.supposed.delete(domain);
    else one.supposed.set(domain, now);
  }
}

const reason = (text: string, unresolvable: boolean) => ({ reasons: [text], unresolvable });
const notNear = reason("node(s) didn't match pod affinity rules", true);
const notApart = reason("node(s) didn't match pod anti-affinity rules", false);
const keptAway = reason("node(s) didn't satisfy existing pods anti-affinity rules", false);

/** What draws a pod to a domain, or away from it, per pod there. */
interface Pull {
  readonly key: string;
  readonly counts: ReadonlyMap<string, number>;
  readonly weight: number;
}

function pullsOf(pod: Pod, state: ScheduleState, hardWeight: number, ignoresOthers: boolean): readonly Pull[] {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const near = podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  const apart = podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
  if (ignoresOthers && near.length === 0 && apart.length === 0) return [];
  const own = (terms: typeof near, sign: number) =>
    terms.map(({ podAffinityTerm: term, weight }) => ({
      key: term.topologyKey,
      counts: setOf([term], pod, state).domains(term.topologyKey),
      weight: sign * weight,
    }));
  const weightOf = ({ effect, weight }: PlacedTerm) =>
    effect === "attracts" ? hardWeight : effect === "prefers" ? weight : 0;
  const others = state
    .termsAbout(pod)
    .map((placed) => ({ key: placed.term.topologyKey, counts: placed.domains, weight: weightOf(placed) }));
  return [...own(near, 1), ...own(apart, -1), ...others].filter(
    ({ counts, weight }) => counts.size > 0 && weight !== 0,
  );
}

function affinityWith(hardWeight: number, ignoresOthers: boolean): SchedulerPlugin {
  return {
    name: NAME,
    weight: 2,
    withArgs: ({ hardPodAffinityWeight, ignorePreferredTermsOfExistingPods }) =>
      affinityWith((hardPodAffinityWeight ?? 1) as number, ignorePreferredTermsOfExistingPods === true),
    preFilter(pod, state) {
      const kept = keptOf(pod, state);
      if (!kept) return "skip";
      state.kept.set(NAME, kept);
      return undefined;
    },
    filter(pod, node, state) {
      const { wanted, unwanted, closed } = state.kept.get(NAME) as Kept;
      if (wanted.length > 0 && !hasCompany(wanted, pod, node, state)) return notNear;
      if (unwanted.some((one) => countIn(one, node) > 0)) return notApart;
      return closed.some((one) => countIn(one, node) > 0) ? keptAway : undefined;
    },
    supposed(pod, other, node, sign, state) {
      const { wanted, unwanted, closed } = state.kept.get(NAME) as Kept;
      if (wanted.every(({ term }) => state.concerns(term, pod, other))) suppose(wanted, node, sign, () => true);
      suppose(unwanted, node, sign, ({ term }) => state.concerns(term, pod, other));
      for (const term of requiredOf(other.spec.affinity?.podAntiAffinity)) {
        if (!state.concerns(term, other, pod)) continue;
        const text = JSON.stringify(term);
        const one = closed.find(({ term: known }) => JSON.stringify(known) === text);
        if (one) suppose([one], node, sign, () => true);
      }
    },
    preScore(pod, _nodes, state) {
      const pulls = pullsOf(pod, state, hardWeight, ignoresOthers);
      if (pulls.length === 0) return "skip";
      state.kept.set(SCORING, pulls);
      return undefined;
    },
    score(_pod, { node }, { kept }) {
      let sum = 0;
      for (const { key, counts, weight } of kept.get(SCORING) as readonly Pull[]) {
        const domain = node.metadata.labels?.[key];
        if (domain !== undefined) sum += weight * (counts.get(domain) ?? 0);
      }
      return sum;
    },
    normalize(scores) {
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const score of scores) {
        if (score < low) low = score;
        if (score > high) high = score;
      }
      for (let i = 0; i < scores.length; i++)
        scores[i] = high === low ? 0 : Math.floor((100 * ((scores[i] ?? 0) - low)) / (high - low));
    },
    helpedBy: mayHelp,
  };
}

function mayHelp(event: ClusterEvent, pod: Pod): boolean {
  if (event.of !== "pod") return newNode(event, ({ metadata }) => metadata.labels) !== undefined;
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const speak = (terms: readonly PodAffinityTerm[], owner: Pod, of: Pod | undefined) =>
    of !== undefined && terms.some((term) => matchesSelector(selectorOfTerm(term, owner), of.metadata.labels));
  if (event.type !== "DELETED" && speak(requiredOf(podAffinity), pod, event.object)) return true;
  const gone = event.type === "DELETED" ? event.object : event.old;
  if (speak(requiredOf(podAntiAffinity), pod, gone)) return true;
  return gone !== undefined && speak(requiredOf(gone.spec.affinity?.podAntiAffinity), gone, pod);
}

/** Pods that want to be near others, or not near them; what placed pods want counts as well. */
export const interPodAffinity = affinityWith(1, false);
