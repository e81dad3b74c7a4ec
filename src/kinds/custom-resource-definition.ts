import { plainColumns } from "./cells.ts";
import { definitionProblems, definitionProblemsOfUpdate } from "./custom-resource-definition/problems.ts";
import type { Kind } from "./define.ts";
import type { CustomResourceDefinition } from "./types/api-extensions.ts";
import type { Condition } from "./types/meta.ts";

/** Deletes the instances before the definition goes (apiextensions v1 CustomResourceCleanupFinalizer). */
export const CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

/** A resource that a user adds to the API. */
export const customResourceDefinition: Kind<CustomResourceDefinition> = {
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  group: "apiextensions.k8s.io",
  version: "v1",
  namespaced: false,
  short: ["crd", "crds"],
  categories: ["api-extensions"],
  subresources: [{ name: "status", kind: "CustomResourceDefinition", verbs: ["get", "patch", "update"] }],
  countsGenerations: true,
  needsVersion: true,
  defaults({ spec }) {
    if (!spec) return;
    const { names } = spec;
    if (names) {
      names.singular ||= (names.kind ?? "").toLowerCase();
      if (!names.listKind && names.kind) names.listKind = `${names.kind}List`;
    }
    spec.conversion ??= { strategy: "None" };
  },
  prepareForCreate(object) {
    object.status = { conditions: null, acceptedNames: { plural: "", kind: "" }, storedVersions: null };
    keepStoredVersions(object);
  },
  prepareForUpdate: keepStoredVersions,
  prepareForDelete(object, now) {
    const { metadata, status } = object;
    const finalizers = metadata.finalizers ?? [];
    const kept = (status?.conditions ?? []).filter(({ type }) => type !== "Terminating");
    const terminating: Condition = {
      type: "Terminating",
      status: "True",
      lastTransitionTime: now,
      reason: "InstanceDeletionPending",
      message: "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon",
    };
    return {
      ...object,
      metadata: finalizers.includes(CLEANUP) ? metadata : { ...metadata, finalizers: [...finalizers, CLEANUP] },
      status: { acceptedNames: { plural: "", kind: "" }, ...status, conditions: [...kept, terminating] },
    };
  },
  problems: definitionProblems,
  problemsOfUpdate: definitionProblemsOfUpdate,
  columns: plainColumns,
};

/** Every version that ever was the storage version is remembered until somebody takes it out of the status. */
function keepStoredVersions({ spec, status }: CustomResourceDefinition): void {
  if (!status) return;
  for (const { name, storage } of spec?.versions ?? [])
    if (storage && !status.storedVersions?.includes(name))
      status.storedVersions = [...(status.storedVersions ?? []), name];
}
