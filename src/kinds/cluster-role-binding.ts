import { bindingColumns } from "./bindings.ts";
import { bindingDefaults } from "./defaults/role.ts";
import type { Kind } from "./define.ts";
import { describeBinding } from "./describe/binding.ts";
import type { RoleBinding } from "./types/core.ts";
import { bindingProblems, bindingProblemsOfUpdate } from "./validation/rbac.ts";

/** Gives a cluster role to users, groups or service accounts everywhere. */
export const clusterRoleBinding: Kind<RoleBinding> = {
  kind: "ClusterRoleBinding",
  plural: "clusterrolebindings",
  group: "rbac.authorization.k8s.io",
  version: "v1",
  namespaced: false,
  nameRule: "path",
  defaults: bindingDefaults,
  problems: (object) => bindingProblems(object, false),
  problemsOfUpdate: bindingProblemsOfUpdate,
  columns: bindingColumns,
  describe: describeBinding,
};
