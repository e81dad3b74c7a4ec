import { type Micros, SECOND } from "../../base/clock.ts";
import { parseRfc3339, rfc3339 } from "../../base/time.ts";
import { equal } from "../../kinds/equal.ts";
import { matchesSelector } from "../../kinds/label-selector.ts";
import { conditionOf, isPodReady } from "../../kinds/labels.ts";
import type { Condition, LabelSelector } from "../../kinds/types/meta.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { PodDisruptionBudget } from "../../kinds/types/policy.ts";
import type { Api } from "../apiserver/define.ts";
import type { Again, Controller, ControllerTools, Sentence } from "./define.ts";
import { type ExpectedScale, expectedScale } from "./expected-scale.ts";
import { goSelector } from "./go-selector.ts";
import { isFinished, withPodCondition } from "./pod-state.ts";
import { shareOf } from "./share.ts";

/** How long an evicted pod may take to begin to go, in seconds (disruption.go DeletionTimeout, 1.35). */
const DELETION_TIMEOUT = 120;

/** Counts how many pods of a budget may be away (kubernetes pkg/controller/disruption, 1.35). */
export const disruption: Controller = {
  name: "disruption-controller",
  source: "controllermanager",
  begin: () => [budgets, forgotten] as unknown as readonly Sentence[],
};

const budgets: Sentence<PodDisruptionBudget> = {
  for: "poddisruptionbudgets.policy",
  watches: [{ resource: "pods", keys: (pod, api, old) => budgetsOf(api, pod as Pod, old as Pod | undefined) }],
  reconcile: (api, budget, _key, tools) => (budget ? count(api, budget, tools) : undefined),
};

function budgetsOf(api: Api, pod: Pod, old: Pod | undefined) {
  const { namespace = "", labels } = pod.metadata;
  return api
    .list<PodDisruptionBudget>("poddisruptionbudgets.policy", namespace)
    .filter(
      ({ spec }) =>
        matchesSelector(spec.selector, labels) || (old && matchesSelector(spec.selector, old.metadata.labels)),
    )
    .map(({ metadata }) => ({ namespace, name: metadata.name }));
}

function count(api: Api, budget: PodDisruptionBudget, { clock }: ControllerTools): Again | undefined {
  const { namespace = "" } = budget.metadata;
  const pods = api
    .list<Pod>("pods", namespace)
    .filter((pod) => matchesSelector(budget.spec.selector, pod.metadata.labels));
  if (pods.length === 0) api.event(budget, { type: "Normal", reason: "NoPods", message: "No matching pods found" });
  const expected = expectedOf(api, budget, pods);
  if (expected.problem !== undefined) {
    const message = `Failed to calculate the number of expected pods: ${expected.problem}`;
    api.event(budget, { type: "Warning", reason: "CalculateExpectedPodCountFailed", message });
    failSafe(api, budget, expected.problem, clock.now);
    return undefined;
  }
  if (expected.unmanaged.length > 0)
    api.event(budget, { type: "Warning", reason: "UnmanagedPods", message: unmanagedText(budget.spec.selector) });
  const { disruptedPods, again } = disrupted(api, budget, pods, clock.now);
  const currentHealthy = pods.filter(
    (pod) => !pod.metadata.deletionTimestamp && !(pod.metadata.name in disruptedPods) && isPodReady(pod),
  ).length;
  const spare = currentHealthy - expected.desired;
  const disruptionsAllowed = expected.count > 0 && spare > 0 ? spare : 0;
  const { generation } = budget.metadata;
  const status: NonNullable<PodDisruptionBudget["status"]> = {
    ...(generation ? { observedGeneration: generation } : {}),
    ...(Object.keys(disruptedPods).length > 0 ? { disruptedPods } : {}),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy: expected.desired,
    expectedPods: expected.count,
  };
  const enough = disruptionsAllowed > 0;
  report(api, budget, status, enough ? "SufficientPods" : "InsufficientPods", "", clock.now);
  return again;
}

/** How many pods there should be, and how many of them healthy at least. */
function expectedOf(
  api: Api,
  { spec }: PodDisruptionBudget,
  pods: readonly Pod[],
): ExpectedScale & { desired: number } {
  if (spec.maxUnavailable !== undefined) {
    const scale = expectedScale(api, pods);
    return { ...scale, desired: Math.max(0, scale.count - shareOf(spec.maxUnavailable, scale.count, "up")) };
  }
  if (typeof spec.minAvailable === "string") {
    const scale = expectedScale(api, pods);
    return { ...scale, desired: shareOf(spec.minAvailable, scale.count, "up") };
  }
  if (spec.minAvailable === undefined) return { count: 0, unmanaged: [], desired: 0 };
  return { count: pods.length, unmanaged: [], desired: spec.minAvailable };
}

/** The pods that were evicted and do not go yet; those that should have gone long ago are healthy again. */
function disrupted(
  api: Api,
  { metadata, status }: PodDisruptionBudget,
  pods: readonly Pod[],
  now: Micros,
): { disruptedPods: Record<string, string>; again: Again | undefined } {
  const disruptedPods: Record<string, string> = {};
  let next: number | undefined;
  for (const pod of pods) {
    const since = status?.disruptedPods?.[pod.metadata.name];
    if (since === undefined || pod.metadata.deletionTimestamp) continue;
    const left = ((parseRfc3339(since) ?? 0) + DELETION_TIMEOUT * SECOND - now) / SECOND;
    if (left < 0) {
      const { namespace } = metadata;
      const message = `Pod was expected by PDB ${namespace}/${namespace} to be deleted but it wasn't`;
      api.event(pod, { type: "Warning", reason: "NotDeleted", message });
      continue;
    }
    disruptedPods[pod.metadata.name] = since;
    next = Math.min(next ?? left, left);
  }
  // A moment later than the end, so that it is over by then.
  return { disruptedPods, again: next === undefined ? undefined : { againIn: next + 0.001 } };
}

function failSafe(api: Api, budget: PodDisruptionBudget, message: string, now: Micros): void {
  const status = { currentHealthy: 0, desiredHealthy: 0, expectedPods: 0, ...budget.status, disruptionsAllowed: 0 };
  report(api, budget, status, "SyncFailed", message, now);
}

function report(
  api: Api,
  budget: PodDisruptionBudget,
  status: NonNullable<PodDisruptionBudget["status"]>,
  reason: string,
  message: string,
  now: Micros,
): void {
  const old = conditionOf(budget, "DisruptionAllowed");
  const state = reason === "SufficientPods" ? "True" : "False";
  const condition: Condition = {
    type: "DisruptionAllowed",
    status: state,
    ...(status.observedGeneration ? { observedGeneration: status.observedGeneration } : {}),
    lastTransitionTime: old?.status === state ? (old.lastTransitionTime ?? null) : rfc3339(now),
    reason,
    message,
  };
  const others = budget.status?.conditions?.filter(({ type }) => type !== condition.type) ?? [];
  const next = { ...status, conditions: [...others, condition] };
  if (!equal(next, budget.status))
    api.modify<PodDisruptionBudget>(budget, (current) => ({ ...current, status: next }), "status");
}

function unmanagedText(selector: LabelSelector | undefined): string {
  return (
    `Pods selected by this PodDisruptionBudget (selector: ${goSelector(selector)}) were found to be unmanaged. As a result, the status ` +
    "of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods " +
    'please set ".spec.minAvailable" field of the PDB to an integer value.'
  );
}

/** Pods that were to be disrupted and are still there after two minutes are so no longer. */
const forgotten: Sentence<Pod> = {
  for: "pods",
  concerns: (pod, old) => isDoomed(pod) && !(old && isDoomed(old)),
  reconcile(api, pod, _key, { clock }) {
    if (!pod || !isDoomed(pod)) return undefined;
    const since = parseRfc3339(conditionOf(pod, "DisruptionTarget")?.lastTransitionTime ?? "") ?? clock.now;
    const left = (since + DELETION_TIMEOUT * SECOND - clock.now) / SECOND;
    if (left > 0) return { againIn: left };
    const now = rfc3339(clock.now);
    api.modify<Pod>(
      pod,
      (current) => withPodCondition(current, { type: "DisruptionTarget", status: "False" }, now),
      "status",
    );
    return undefined;
  },
};

function isDoomed(pod: Pod): boolean {
  if (pod.metadata.deletionTimestamp || isFinished(pod)) return false;
  const condition = conditionOf(pod, "DisruptionTarget");
  return condition?.status === "True" && condition.reason !== "TerminationByKubelet";
}
