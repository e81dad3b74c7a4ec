import { SECOND } from "../../base/clock.ts";
import { parseRfc3339, rfc3339 } from "../../base/time.ts";
import { type Kind, resourceName } from "../../kinds/define.ts";
import { equal } from "../../kinds/equal.ts";
import { conditionOf } from "../../kinds/labels.ts";
import { Status } from "../../kinds/status.ts";
import type { ApiService } from "../../kinds/types/aggregation.ts";
import type { Namespace } from "../../kinds/types/core.ts";
import type { Condition, KubeObject } from "../../kinds/types/meta.ts";
import type { Api } from "../apiserver/define.ts";
import type { Again, Controller, ControllerTools } from "./define.ts";

/** How long the controller waits before it begins, so that the API servers know of the deletion (namespace_controller.go, 1.35). */
const GRACE = 5;
/** How often it looks again at what finalizers hold. */
const PATIENCE = 5;

/** Empties namespaces that are being deleted, and lets them go (kubernetes pkg/controller/namespace, 1.35). */
export const namespace: Controller<Namespace> = {
  name: "namespace-controller",
  for: "namespaces",
  concerns: ({ metadata }, old, type) =>
    type !== "DELETED" && metadata.deletionTimestamp !== undefined && !old?.metadata.deletionTimestamp,
  reconcile(api, object, _key, tools) {
    if (!object?.metadata.deletionTimestamp) return undefined;
    const begins = (parseRfc3339(object.metadata.deletionTimestamp) ?? 0) + GRACE * SECOND;
    if (begins > tools.clock.now) return { againIn: (begins - tools.clock.now) / SECOND };
    return empty(api, object, tools);
  },
};

/** What is left of a kind in a namespace. */
interface Rest {
  readonly kind: Kind;
  readonly objects: readonly KubeObject[];
}

/** What keeps the controller from knowing that a namespace is empty. */
interface Faults {
  /** Groups and versions whose server does not answer: there could be anything of theirs. */
  readonly stale: readonly string[];
  /** What deleting was refused with. */
  readonly failed: string[];
}

/** The versions that aggregated discovery calls stale: those whose APIService is not available. */
function staleGroups(api: Api): readonly string[] {
  return api
    .list<ApiService>("apiservices.apiregistration.k8s.io")
    .filter((service) => service.spec.service && conditionOf(service, "Available")?.status !== "True")
    .map(({ spec }) => `${spec.group}/${spec.version}`)
    .sort();
}

function empty(api: Api, object: Namespace, tools: ControllerTools): Again | undefined {
  const { name } = object.metadata;
  const kinds = api.kinds().filter(isContent);
  const pods = kinds.filter(({ plural, group }) => plural === "pods" && group === "");
  // Pods go first: what they need must outlive them (OrderedNamespaceDeletion, 1.35).
  const faults: Faults = { stale: staleGroups(api), failed: [] };
  let left = clear(api, pods, name, faults.failed);
  if (left.length === 0) left = clear(api, kinds, name, faults.failed);
  const now = rfc3339(tools.clock.now);
  const conditions = conditionsOf(object, left, faults, now);
  const reported =
    equal(conditions, object.status?.conditions) ||
    api.modify<Namespace>(object, (old) => ({ ...old, status: { ...old.status, conditions } }), "status");
  if (left.length > 0) return { againIn: patience(left) };
  if (faults.stale.length > 0 || faults.failed.length > 0) return { againIn: PATIENCE };
  if (reported)
    api.modify<Namespace>(
      object,
      (old) => ({
        ...old,
        spec: { ...old.spec, finalizers: old.spec?.finalizers?.filter((f) => f !== "kubernetes") ?? [] },
      }),
      "finalize",
    );
  return undefined;
}

/** Pods are given half of their longest time of grace, and a second (EstimateGracePeriodForPods, 1.35). */
function patience(left: readonly Rest[]): number {
  const graces = left.flatMap(({ objects }) => objects.map(({ metadata }) => metadata.deletionGracePeriodSeconds ?? 0));
  const longest = Math.max(0, ...graces);
  return longest > 0 ? longest / 2 + 1 : PATIENCE;
}

function isContent({ namespaced, verbs, storedAs }: Kind): boolean {
  return namespaced && !storedAs && ["delete", "list"].every((verb) => !verbs || verbs.some((other) => other === verb));
}

/** Deletes all objects of some kinds; gives those that do not go at once. */
function clear(api: Api, kinds: readonly Kind[], name: string, failed: string[]): Rest[] {
  const left: Rest[] = [];
  for (const kind of kinds) {
    const resource = resourceName(kind);
    for (const object of api.list(resource, name).slice())
      if (!object.metadata.deletionTimestamp) remove(api, object, failed);
    const objects = api.list(resource, name);
    if (objects.length > 0) left.push({ kind, objects: objects.slice() });
  }
  return left;
}

function remove(api: Api, object: KubeObject, failed: string[]): void {
  try {
    api.delete(object, { propagationPolicy: "Background" });
  } catch (error) {
    if (!(error instanceof Status)) throw error;
    if (!failed.includes(error.message)) failed.push(error.message);
  }
}

/** The conditions of a namespace that is going (namespaced_resources_deleter conditions, 1.35). */
function conditionsOf(object: Namespace, left: readonly Rest[], { stale, failed }: Faults, now: string): Condition[] {
  const remaining = left
    .map(({ kind, objects }) => `${kind.plural}.${kind.group} has ${objects.length} resource instances`)
    .sort();
  const held = new Map<string, number>();
  for (const { objects } of left)
    for (const { metadata } of objects)
      for (const finalizer of metadata.finalizers ?? []) held.set(finalizer, (held.get(finalizer) ?? 0) + 1);
  const holding = [...held].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).sort();
  const rows: [type: string, problem: string, reason: string, message: string][] = [
    stale.length > 0
      ? ["NamespaceDeletionDiscoveryFailure", "yes", "DiscoveryFailed", discoveryText(stale)]
      : ["NamespaceDeletionDiscoveryFailure", "", "ResourcesDiscovered", "All resources successfully discovered"],
    [
      "NamespaceDeletionGroupVersionParsingFailure",
      "",
      "ParsedGroupVersions",
      "All legacy kube types successfully parsed",
    ],
    failed.length > 0
      ? [
          "NamespaceDeletionContentFailure",
          "yes",
          "ContentDeletionFailed",
          `Failed to delete all resource types, ${failed.length} remaining: ${failed.toSorted().join(", ")}`,
        ]
      : [
          "NamespaceDeletionContentFailure",
          "",
          "ContentDeleted",
          "All content successfully deleted, may be waiting on finalization",
        ],
    remaining.length > 0
      ? [
          "NamespaceContentRemaining",
          "yes",
          "SomeResourcesRemain",
          `Some resources are remaining: ${remaining.join(", ")}`,
        ]
      : ["NamespaceContentRemaining", "", "ContentRemoved", "All content successfully removed"],
    holding.length > 0
      ? [
          "NamespaceFinalizersRemaining",
          "yes",
          "SomeFinalizersRemain",
          `Some content in the namespace has finalizers remaining: ${holding.join(", ")}`,
        ]
      : ["NamespaceFinalizersRemaining", "", "ContentHasNoFinalizers", "All content-preserving finalizers finished"],
  ];
  const old = object.status?.conditions ?? [];
  return rows.map(([type, problem, reason, message]) => {
    const status = problem ? "True" : "False";
    const known = old.find((condition) => condition.type === type);
    const same = known?.status === status && known.reason === reason && known.message === message;
    return same ? known : { type, status, lastTransitionTime: now, reason, message };
  });
}

/** What client-go's discovery says of versions that nobody answers for (recorded, 1.31). */
function discoveryText(stale: readonly string[]): string {
  const each = stale.map((version) => `${version}: stale GroupVersion discovery: ${version}`).join(", ");
  return `Discovery failed for some groups, ${stale.length} failing: unable to retrieve the complete list of server APIs: ${each}`;
}
