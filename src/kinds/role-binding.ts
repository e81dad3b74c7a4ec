import { bindingColumns } from "./bindings.ts";
import { bindingDefaults } from "./defaults/role.ts";
import type { Kind } from "./define.ts";
import { describeBinding } from "./describe/binding.ts";
import type { RoleBinding } from "./types/core.ts";
import { bindingProblems, bindingProblemsOfUpdate } from "./validation/rbac.ts";

/** Gives a role to users, groups or service accounts in a namespace. */
export const roleBinding: Kind<RoleBinding> = {
  kind: "RoleBinding",
  plural: "rolebindings",
  group: "rbac.authorization.k8s.io",
  version: "v1",
  namespaced: true,
  nameRule: "path",
  defaults: bindingDefaults,
  problems: (object) => bindingProblems(object, true),
  problemsOfUpdate: bindingProblemsOfUpdate,
  columns: bindingColumns,
  describe: describeBinding,
};
