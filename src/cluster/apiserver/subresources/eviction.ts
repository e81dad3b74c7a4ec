import type { JsonObject } from "../../../base/json.ts";
import type { Kind } from "../../../kinds/define.ts";
import { matchesSelector } from "../../../kinds/label-selector.ts";
import { Status } from "../../../kinds/status.ts";
import type { Condition, KubeObject, LabelSelector } from "../../../kinds/types/meta.ts";
import type { Pod } from "../../../kinds/types/pod.ts";
import type { Context } from "../context.ts";
import { forbidden, internalError, notFound } from "../errors.ts";
import { type DeleteOptions, deleteObject } from "../registry/delete.ts";
import { updateObject } from "../registry/update.ts";
import type { Writing } from "../registry/writing.ts";
import { timeText } from "../time-text.ts";
import { success } from "./success.ts";

interface Budget extends KubeObject {
  spec: { selector?: LabelSelector; unhealthyPodEvictionPolicy?: string };
  status?: {
    observedGeneration?: number;
    disruptionsAllowed?: number;
    currentHealthy?: number;
    desiredHealthy?: number;
    disruptedPods?: Record<string, string>;
    conditions?: Condition[];
  };
}

/** Evicts a pod: deletes it, if its disruption budget allows (kubernetes pkg/registry/core/pod/storage/eviction.go, 1.35). */
export function evictPod(context: Context, writing: Writing, name: string, body: JsonObject): JsonObject {
  const { namespace } = writing.attributes;
  const pod = context.storage.get(writing.kind, namespace, name) as Pod | undefined;
  if (!pod) throw notFound(writing.kind, name);
  const options = (body.deleteOptions ?? {}) as DeleteOptions & { dryRun?: readonly string[] };
  const attributes = {
    ...writing.attributes,
    subresource: undefined,
    dryRun: writing.attributes.dryRun || !!options.dryRun?.length,
  };
  const deleting: Writing = { ...writing, attributes };
  if (!needsNoBudget(pod)) {
    const budgetKind = context.kinds.byResource("poddisruptionbudgets.policy");
    const budget = budgetKind && budgetOf(context, budgetKind, pod);
    if (budgetKind && budget && !mayGoUnhealthy(pod, budget)) takeFrom(context, deleting, budgetKind, budget, pod);
  }
  if (!attributes.dryRun && !pod.metadata.deletionTimestamp) markAsDisrupted(context, deleting, pod);
  deleteObject(context, deleting, name, options);
  return success(201);
}

/** Pods that do not run are in nobody's budget. */
function needsNoBudget({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined || status?.phase !== "Running";
}

function budgetOf(context: Context, kind: Kind, pod: Pod): Budget | undefined {
  const budgets = (context.storage.list(kind, pod.metadata.namespace) as readonly Budget[]).filter(({ spec }) =>
    matchesSelector(spec.selector, pod.metadata.labels),
  );
  if (budgets.length > 1) {
    const message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
    throw internalError(message);
  }
  return budgets[0];
}

function mayGoUnhealthy(pod: Pod, { spec, status }: Budget): boolean {
  if (pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True")) return false;
  if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

function takeFrom(context: Context, writing: Writing, kind: Kind, budget: Budget, pod: Pod): void {
  const { name, generation = 0 } = budget.metadata;
  const {
    observedGeneration = 0,
    disruptionsAllowed = 0,
    desiredHealthy = 0,
    currentHealthy = 0,
  } = budget.status ?? {};
  if (observedGeneration < generation) {
    throw violated(`The disruption budget ${name} is still being processed by the server.`, 10);
  }
  if (disruptionsAllowed < 0) throw forbidden(kind, name, "pdb disruptions allowed is negative");
  if (disruptionsAllowed === 0) {
    const failed = budget.status?.conditions?.find(
      ({ type, status }) => type === "DisruptionAllowed" && status === "False",
    );
    if (failed?.reason === "SyncFailed") {
      throw violated(
        `The disruption budget ${name} does not allow evicting pods currently because it failed sync: ${failed.message}`,
      );
    }
    throw violated(
      `The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
    );
  }
  const status = {
    ...budget.status,
    disruptionsAllowed: disruptionsAllowed - 1,
    disruptedPods: { ...budget.status?.disruptedPods, [pod.metadata.name]: timeText(context.clock.now) },
  };
  const attributes = { ...writing.attributes, subresource: "status" };
  updateObject(context, { ...writing, kind, attributes }, name, (current) => ({ ...current, status }));
}

function violated(message: string, retryAfterSeconds?: number): Status {
  return new Status("TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: "DisruptionBudget", message }],
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
  });
}

function markAsDisrupted(context: Context, writing: Writing, pod: Pod): void {
  const condition: Condition = {
    type: "DisruptionTarget",
    ...(pod.metadata.generation ? { observedGeneration: pod.metadata.generation } : {}),
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: timeText(context.clock.now),
    reason: "EvictionByEvictionAPI",
    message: "Eviction API: evicting",
  };
  const status: Writing = { ...writing, attributes: { ...writing.attributes, subresource: "status" } };
  updateObject(context, status, pod.metadata.name, (current) => {
    const old = (current as Pod).status;
    const conditions = (old?.conditions ?? []).filter(({ type }) => type !== "DisruptionTarget");
    return { ...current, status: { ...old, conditions: [...conditions, condition] } };
  });
}
