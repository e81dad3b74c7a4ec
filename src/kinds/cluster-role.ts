import { plainColumns } from "./cells.ts";
import { roleDefaults } from "./defaults/role.ts";
import type { Kind } from "./define.ts";
import { describeRole } from "./describe/rules.ts";
import type { Role } from "./types/core.ts";
import { roleProblems } from "./validation/rbac.ts";

/** What may be done in the whole cluster. */
export const clusterRole: Kind<Role> = {
  kind: "ClusterRole",
  plural: "clusterroles",
  group: "rbac.authorization.k8s.io",
  version: "v1",
  namespaced: false,
  nameRule: "path",
  defaults: roleDefaults,
  problems: (object) => roleProblems(object, false),
  columns: plainColumns,
  describe: describeRole,
};
