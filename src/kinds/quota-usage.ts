import { addQuantity, parseQuantity, type Quantity } from "../base/quantity.ts";
import { type Kind, resourceName } from "./define.ts";
import { containerQuantities } from "./describe/pod-quantities.ts";
import { isPodLevelResource, qosClassOf } from "./pod-resources.ts";
import type { PersistentVolumeClaim, Service } from "./types/core.ts";
import type { KubeObject } from "./types/meta.ts";
import type { Pod } from "./types/pod.ts";
import type { ResourceQuota, ScopeRequirement } from "./types/policy.ts";

// kubernetes pkg/quota/v1/evaluator/core, 1.35.

/** Amounts by the names that quotas use: requests.cpu, count/pods. */
export type Usage = Map<string, Quantity>;

const one = parseQuantity("1");
const none = parseQuantity("0");

/** Kinds that quotas count under a name of their own beside count/NAME. */
const plainCounts = ["configmaps", "resourcequotas", "replicationcontrollers", "secrets"];
/** What a quota demands that every container says, where it limits it. */
const compute = ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

/** How a quota calls the number of objects of a kind: count/pods, count/deployments.apps. */
export function countName(kind: Pick<Kind, "group" | "plural">): string {
  return `count/${resourceName(kind)}`;
}

/** What an object uses up, by the names that a quota may limit. */
export function usageOf(kind: Pick<Kind, "group" | "plural">, object: KubeObject): Usage {
  const usage: Usage = new Map([[countName(kind), one]]);
  if (kind.group !== "") return usage;
  if (kind.plural === "pods") podUsage(usage, object as Pod);
  else if (kind.plural === "services") serviceUsage(usage, object as Service);
  else if (kind.plural === "persistentvolumeclaims") claimUsage(usage, object as PersistentVolumeClaim);
  else if (plainCounts.includes(kind.plural)) usage.set(kind.plural, one);
  return usage;
}

function podUsage(usage: Usage, pod: Pod): void {
  // Finished pods still are objects, but use nothing.
  if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") return;
  usage.set("pods", one);
  const { requests, limits } = podAmounts(pod);
  for (const [name, amount] of requests) {
    if (isPlain(name)) usage.set(name, amount);
    if (isPlain(name) || name.startsWith("hugepages-") || name.includes("/")) usage.set(`requests.${name}`, amount);
    if (name.startsWith("hugepages-")) usage.set(name, amount);
  }
  for (const [name, amount] of limits) if (isPlain(name)) usage.set(`limits.${name}`, amount);
}

function isPlain(name: string): boolean {
  return name === "cpu" || name === "memory" || name === "ephemeral-storage";
}

/** Containers together, what the pod asks for as a whole in their place, and overhead. */
function podAmounts(pod: Pod): { requests: Usage; limits: Usage } {
  const { resources, overhead = {} } = pod.spec;
  const amounts = { requests: containerQuantities(pod, "requests"), limits: containerQuantities(pod, "limits") };
  for (const list of ["requests", "limits"] as const) {
    const total = amounts[list];
    for (const [name, text] of Object.entries(resources?.[list] ?? {}))
      if (isPodLevelResource(name)) total.set(name, parseQuantity(text));
    for (const [name, text] of Object.entries(overhead)) {
      const before = total.get(name);
      if (before) total.set(name, addQuantity(before, parseQuantity(text)));
      else if (list === "requests") total.set(name, parseQuantity(text));
    }
  }
  return amounts;
}

function serviceUsage(usage: Usage, { spec }: Service): void {
  usage.set("services", one);
  const ports = parseQuantity(String(spec.ports?.length ?? 0));
  const balanced = spec.type === "LoadBalancer";
  const nodePorts = spec.type === "NodePort" || (balanced && spec.allocateLoadBalancerNodePorts !== false);
  usage.set("services.nodeports", nodePorts ? ports : none);
  usage.set("services.loadbalancers", balanced ? one : none);
}

function claimUsage(usage: Usage, { metadata, spec }: PersistentVolumeClaim): void {
  usage.set("persistentvolumeclaims", one);
  const storage = spec.resources?.requests?.storage;
  if (storage !== undefined) usage.set("requests.storage", parseQuantity(storage));
  const name = metadata.annotations?.["volume.beta.kubernetes.io/storage-class"] ?? spec.storageClassName;
  if (!name) return;
  const ofClass = `${name}.storageclass.storage.k8s.io`;
  usage.set(`${ofClass}/persistentvolumeclaims`, one);
  if (storage !== undefined) usage.set(`${ofClass}/requests.storage`, parseQuantity(storage));
}

/** Whether an object is one that the quota's scopes mean. Scopes only tell pods apart (and claims by their attributes class). */
export function isInScope(kind: Pick<Kind, "group" | "plural">, object: KubeObject, { spec }: ResourceQuota): boolean {
  const scopes = (spec?.scopes ?? []).map((scopeName): ScopeRequirement => ({ scopeName, operator: "Exists" }));
  const all = [...scopes, ...(spec?.scopeSelector?.matchExpressions ?? [])];
  if (all.length === 0) return true;
  if (kind.group === "" && kind.plural === "pods") return all.every((scope) => podFits(object as Pod, scope));
  if (kind.group === "" && kind.plural === "persistentvolumeclaims")
    return all.every((scope) => claimFits(object as PersistentVolumeClaim, scope));
  return false;
}

function podFits(pod: Pod, scope: ScopeRequirement): boolean {
  const bestEffort = () => qosClassOf(pod) === "BestEffort";
  const terminating = pod.spec.activeDeadlineSeconds !== undefined && pod.spec.activeDeadlineSeconds >= 0;
  switch (scope.scopeName) {
    case "Terminating":
      return terminating;
    case "NotTerminating":
      return !terminating;
    case "BestEffort":
      return bestEffort();
    case "NotBestEffort":
      return !bestEffort();
    case "PriorityClass":
      return nameFits(pod.spec.priorityClassName || undefined, scope);
    case "CrossNamespacePodAffinity":
      return crossesNamespaces(pod);
    default:
      return false;
  }
}

function claimFits({ spec }: PersistentVolumeClaim, scope: ScopeRequirement): boolean {
  return scope.scopeName === "VolumeAttributesClass" && nameFits(spec.volumeAttributesClassName || undefined, scope);
}

function nameFits(name: string | undefined, { operator, values = [] }: ScopeRequirement): boolean {
  if (operator === "Exists") return name !== undefined;
  if (operator === "DoesNotExist") return name === undefined;
  const named = name !== undefined && values.includes(name);
  return operator === "In" ? named : !named;
}

function crossesNamespaces({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  const terms = [podAffinity, podAntiAffinity].flatMap((side) => [
    ...(side?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(side?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
  return terms.some((term) => (term.namespaces?.length ?? 0) > 0 || term.namespaceSelector !== undefined);
}

/** What containers leave unsaid of what a quota demands, as text; undefined where nothing is missing. */
export function unsaid(pod: Pod, hard: Iterable<string>): string | undefined {
  const demanded = [...hard].filter((name) => compute.includes(name)).sort();
  const { resources } = pod.spec;
  const missing = demanded.flatMap((name) => {
    const limit = name.startsWith("limits.");
    const [list, resource] = [limit ? "limits" : "requests", name.replace(/^(limits|requests)\./, "")] as const;
    if (resources?.[list]?.[resource] !== undefined) return [];
    const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
    const silent = all.filter((container) => container.resources?.[list]?.[resource] === undefined);
    const names = [...new Set(silent.map((container) => container.name))].sort();
    return names.length === 0 ? [] : [`${name} for: ${names.join(",")}`];
  });
  return missing.length === 0 ? undefined : `must specify ${missing.join("; ")}`;
}
