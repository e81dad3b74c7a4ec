import {
  addQuantity,
  compareQuantity,
  milliValue,
  parseQuantity,
  type Quantity,
  wholeValue,
} from "../base/quantity.ts";
import type { Container, Pod, PodSpec } from "./types/pod.ts";

/** Amounts by resource: cpu in thousandths of a core, all others in whole units. */
export type Amounts = Readonly<Record<string, number>>;

type List = Readonly<Record<string, string>> | undefined;

const requestsOf = new WeakMap<PodSpec, Amounts>();

/**
 * What a pod asks of its node: its containers together, or the largest init container if that is more, with sidecars
 * counted beside either; where the pod as a whole asks for a resource, that. Plus overhead (component-helpers resource
 * PodRequests, 1.35).
 */
export function podRequests(pod: { readonly spec: PodSpec }): Amounts {
  let amounts = requestsOf.get(pod.spec);
  if (!amounts) {
    amounts = podAmounts(pod.spec, (of) => of.resources?.requests);
    requestsOf.set(pod.spec, amounts);
  }
  return amounts;
}

/** What a pod may use at most, likewise; only resources that some container limits. */
export function podLimits(pod: { readonly spec: PodSpec }): Amounts {
  return podAmounts(pod.spec, (of) => of.resources?.limits);
}

function podAmounts(spec: PodSpec, listOf: (of: Container | PodSpec) => List): Amounts {
  const total: Record<string, number> = {};
  for (const container of spec.containers) add(total, listOf(container));
  if (spec.initContainers?.length) {
    const sidecars: Record<string, number> = {};
    const initial: Record<string, number> = {};
    for (const container of spec.initContainers) {
      const list = listOf(container);
      if (container.restartPolicy === "Always") {
        add(total, list);
        add(sidecars, list);
        raise(initial, sidecars);
      } else {
        const now = { ...sidecars };
        add(now, list);
        raise(initial, now);
      }
    }
    raise(total, initial);
  }
  const ofPod = listOf(spec);
  for (const resource in ofPod)
    if (isPodLevelResource(resource)) total[resource] = amountOf(resource, ofPod[resource] ?? "0");
  add(total, spec.overhead);
  return total;
}

/** What a pod may ask for as a whole (component-helpers resource IsSupportedPodLevelResource, 1.35). */
export function isPodLevelResource(name: string): boolean {
  return name === "cpu" || name === "memory" || name.startsWith("hugepages-");
}

/** A quantity as an amount: thousandths of a core, or whole units. */
export function amountOf(resource: string, quantity: string): number {
  return resource === "cpu" ? milliValue(quantity) : wholeValue(quantity);
}

function add(total: Record<string, number>, list: List): void {
  for (const resource in list) total[resource] = (total[resource] ?? 0) + amountOf(resource, list[resource] ?? "0");
}

function raise(total: Record<string, number>, other: Amounts): void {
  for (const resource in other) total[resource] = Math.max(total[resource] ?? 0, other[resource] ?? 0);
}

/** How a pod is treated when its node runs short; resources of the pod as a whole decide (pkg/apis/core/helper/qos, 1.35). */
export function qosClassOf(pod: Pod): "Guaranteed" | "Burstable" | "BestEffort" {
  const requests = new Map<string, Quantity>();
  const limits = new Map<string, Quantity>();
  let guaranteed = true;
  const { resources, containers, initContainers = [] } = pod.spec;
  if (resources) {
    sum(requests, resources.requests);
    guaranteed = sum(limits, resources.limits) === 2;
  } else
    for (const container of [...containers, ...initContainers]) {
      sum(requests, container.resources?.requests);
      if (sum(limits, container.resources?.limits) < 2) guaranteed = false;
    }
  if (requests.size === 0 && limits.size === 0) return "BestEffort";
  if (guaranteed && requests.size === limits.size) {
    const same = [...requests].every(([resource, amount]) => {
      const limit = limits.get(resource);
      return limit !== undefined && compareQuantity(limit, amount) === 0;
    });
    if (same) return "Guaranteed";
  }
  return "Burstable";
}

/** Adds what a list says of cpu and memory; tells how many of the two it says more than zero of. */
function sum(total: Map<string, Quantity>, list: List): number {
  let said = 0;
  for (const resource of ["cpu", "memory"]) {
    const text = list?.[resource];
    const quantity = text === undefined ? undefined : parseQuantity(text);
    if (!quantity || quantity.nanos <= 0n) continue;
    said++;
    const before = total.get(resource);
    total.set(resource, before ? addQuantity(before, quantity) : quantity);
  }
  return said;
}
