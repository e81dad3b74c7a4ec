import { type Micros, SECOND } from "../../base/clock.ts";
import { goDuration } from "../../base/go-duration.ts";
import type { JsonObject } from "../../base/json.ts";
import { parseRfc3339 } from "../../base/time.ts";
import { Status } from "../../kinds/status.ts";
import type { Pod } from "../../kinds/types/pod.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { CommandFault, PlainFault } from "./faults.ts";
import type { DryRun } from "./flag-groups.ts";
import { dryRunSuffix } from "./printers/result-printer.ts";
import { type Resource, resourcePath } from "./resource.ts";

export interface EvictionPlan {
  readonly node: string;
  readonly dryRun: DryRun;
  /** Through the eviction API, which heeds disruption budgets; else plain deletion. */
  readonly evicting: boolean;
  readonly gracePeriod: number;
  readonly until: Micros | undefined;
  readonly timeout: Micros;
  /** Pods that have been going for longer are not waited for. */
  readonly skip: Micros;
}

/** How long drain waits between two tries of an eviction, and between two looks at a pod (pkg/drain, 1.35). */
const RETRY = 5;
const LOOK = 1;

interface Going {
  readonly pod: Pod;
  state: "asked" | "going" | "gone" | "given up";
  nextTry: Micros;
}

/**
 * Evicts pods, all at the same time, until they are gone. A budget's refusal is tried again every five seconds: that the
 * time is over is seen by the next try only. At the end what is left is told.
 */
export function* evictAll(context: Context, resource: Resource, pods: readonly Pod[], plan: EvictionPlan): Task {
  const all: Going[] = pods.map((pod) => ({ pod, state: "asked", nextTry: context.now }));
  for (;;) {
    for (const one of all) yield* advance(context, resource, one, plan);
    const left = all.filter(({ state }) => state !== "gone");
    if (left.length === 0) return;
    const isOver = plan.until !== undefined && context.now >= plan.until;
    if (isOver && left.every(({ state }) => state !== "asked")) throw timeIsOver(context, left, plan);
    const waits = left.filter(({ state }) => state === "asked" || (state === "going" && !isOver));
    const until = isOver ? Number.POSITIVE_INFINITY : (plan.until ?? Number.POSITIVE_INFINITY);
    const next = Math.min(
      until,
      ...waits.map(({ state, nextTry }) => (state === "asked" ? nextTry : context.now + LOOK * SECOND)),
    );
    yield* context.sleep(Math.max(0, next - context.now) / SECOND);
  }
}

function* advance(context: Context, resource: Resource, one: Going, plan: EvictionPlan): Task {
  if (one.state === "gone" || one.state === "given up" || (one.state === "asked" && context.now < one.nextTry)) return;
  const { name, namespace = "" } = one.pod.metadata;
  if (one.state === "asked") {
    // A plain deletion is not announced, and a client dry run always speaks of evicting (kubectl drain, 1.33).
    if (plan.evicting || plan.dryRun === "client")
      context.out.line(`evicting pod ${namespace}/${name}${dryRunSuffix(plan.dryRun)}`);
    if (plan.dryRun === "client") {
      one.state = "gone";
      return;
    }
    if (plan.until !== undefined && context.now >= plan.until) {
      one.state = "given up";
      return;
    }
    if (!(yield* asked(context, resource, one, plan))) return;
    one.state = plan.dryRun === "server" ? "gone" : "going";
    if (plan.dryRun === "server") return;
  }
  const live = yield* context.client.find({ resource, namespace, name });
  const metadata = (live?.metadata ?? {}) as { uid?: string; deletionTimestamp?: string };
  const since = parseRfc3339(metadata.deletionTimestamp ?? "");
  const skipped = plan.skip > 0 && since !== undefined && context.now - since > plan.skip;
  if (live && metadata.uid === one.pod.metadata.uid && !skipped) return;
  context.out.line(`pod/${name} ${plan.evicting ? "evicted" : "deleted"}`);
  one.state = "gone";
}

/** Asks for the pod's end; false where a budget does not allow it now. */
function* asked(context: Context, resource: Resource, one: Going, plan: EvictionPlan): Task<boolean> {
  const { name, namespace = "" } = one.pod.metadata;
  const options: JsonObject = {
    ...(plan.gracePeriod >= 0 ? { gracePeriodSeconds: plan.gracePeriod } : {}),
    ...(plan.dryRun === "server" ? { dryRun: ["All"] } : {}),
  };
  try {
    if (plan.evicting) {
      const path = resourcePath(resource, namespace, name, "eviction");
      const body = { kind: "Eviction", apiVersion: "policy/v1", metadata: { name, namespace }, deleteOptions: options };
      yield* context.client.object({ method: "POST", path, body, contentType: "application/json" });
    } else yield* context.client.remove({ resource, namespace, name }, options);
    return true;
  } catch (fault) {
    if (!(fault instanceof Status)) throw fault;
    if (fault.reason === "NotFound") return true;
    const about = `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`;
    if (fault.reason !== "TooManyRequests") throw new CommandFault(`${about}: ${fault.message}`);
    context.err.line(`${about} (will retry after ${RETRY}s): ${fault.message}`);
    one.nextTry = context.now + RETRY * SECOND;
    return false;
  }
}

function timeIsOver(context: Context, left: readonly Going[], plan: EvictionPlan): Error {
  const faults = left.map(({ pod, state }) => {
    const { name, namespace } = pod.metadata;
    return state === "given up"
      ? `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}: global timeout reached: ${goDuration(plan.timeout)}`
      : `error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} to terminate: context deadline exceeded`;
  });
  const refusals = new Refusals(faults);
  const where = JSON.stringify(plan.node);
  context.err.line(`There are pending pods in node ${where} when an error occurred: ${refusals.message}`);
  for (const { pod } of left) context.err.line(`pod/${pod.metadata.name}`);
  return refusals;
}

/** Why a node cannot be drained: a text for each group of pods, or for each pod. */
export class Refusals extends PlainFault {
  readonly refusals: readonly string[];

  constructor(refusals: readonly string[]) {
    super(refusals.length > 1 ? `[${refusals.join(", ")}]` : (refusals[0] ?? ""));
    this.refusals = refusals;
  }
}
