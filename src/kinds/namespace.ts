import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import { describeNamespace } from "./namespace/describe.ts";
import type { Namespace } from "./types/core.ts";

/** A part of the cluster with names of its own. */
export const namespace: Kind<Namespace> = {
  kind: "Namespace",
  plural: "namespaces",
  group: "",
  version: "v1",
  namespaced: false,
  short: ["ns"],
  verbs: ["create", "delete", "get", "list", "patch", "update", "watch"],
  subresources: [
    { name: "finalize", kind: "Namespace", verbs: ["update"] },
    { name: "status", kind: "Namespace", verbs: ["get", "patch", "update"] },
  ],
  nameRule: "label",
  defaults(object) {
    if (object.metadata.name) {
      object.metadata.labels ??= {};
      object.metadata.labels["kubernetes.io/metadata.name"] = object.metadata.name;
    }
    object.spec ??= {};
    object.status ??= {};
    object.status.phase ??= "Active";
  },
  prepareForCreate(object) {
    object.status = { phase: "Active" };
    const finalizers = object.spec?.finalizers ?? [];
    object.spec = { finalizers: finalizers.includes("kubernetes") ? finalizers : [...finalizers, "kubernetes"] };
  },
  prepareForUpdate(object, old) {
    object.spec = { ...object.spec, finalizers: [...(old.spec?.finalizers ?? [])] };
  },
  selectable: (object) => ({ "status.phase": object.status?.phase ?? "" }),
  columns: [nameColumn, column("Status", (object) => object.status?.phase ?? ""), ageColumn],
  describe: describeNamespace,
};
