import { bindingColumns } from "./bindings.ts";
import type { Kind } from "./define.ts";
import type { RoleBinding } from "./types/core.ts";

/** Gives a cluster role to users, groups or service accounts everywhere. */
export const clusterRoleBinding: Kind<RoleBinding> = {
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  group: "rbac.authorization.k8s.io",
  version: "v1",
  namespaced: false,
  nameRule: "path",
  columns: bindingColumns,
};
