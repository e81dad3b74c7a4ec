import { plainColumns } from "./cells.ts";
import { roleDefaults } from "./defaults/role.ts";
import type { Kind } from "./define.ts";
import { describeRole } from "./describe/rules.ts";
import type { Role } from "./types/core.ts";
import { roleProblems } from "./validation/rbac.ts";

/** What may be done in a namespace. */
export const role: Kind<Role> = {
  kind: "Role",
  plural: "roles",
  group: "rbac.authorization.k8s.io",
  version: "v1",
  namespaced: true,
  nameRule: "path",
  defaults: roleDefaults,
  problems: (object) => roleProblems(object, true),
  columns: plainColumns,
  describe: describeRole,
};
