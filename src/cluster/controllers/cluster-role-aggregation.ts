import { equal } from "../../kinds/equal.ts";
import { matchesSelector } from "../../kinds/label-selector.ts";
import type { PolicyRule, Role } from "../../kinds/types/core.ts";
import type { Controller } from "./define.ts";

const CLUSTER_ROLES = "clusterroles.rbac.authorization.k8s.io";

/** Fills a cluster role that has an aggregation rule with the rules of those it selects (admin, edit, view). */
export const clusterRoleAggregation: Controller<Role> = {
  name: "clusterrole-aggregation-controller",
  for: CLUSTER_ROLES,
  watches: [
    {
      resource: CLUSTER_ROLES,
      keys: (_object, api) =>
        api
          .list<Role>(CLUSTER_ROLES)
          .filter((role) => role.aggregationRule)
          .map((role) => ({ namespace: "", name: role.metadata.name })),
    },
  ],
  concerns: (role) => role.aggregationRule !== undefined,
  reconcile(api, role) {
    const selectors = role?.aggregationRule?.clusterRoleSelectors;
    if (!role || !selectors) return undefined;
    const rules: PolicyRule[] = [];
    for (const other of api.list<Role>(CLUSTER_ROLES)) {
      if (other.metadata.uid === role.metadata.uid) continue;
      if (!selectors.some((selector) => matchesSelector(selector, other.metadata.labels))) continue;
      for (const rule of other.rules ?? []) if (!rules.some((known) => equal(known, rule))) rules.push(rule);
    }
    if (!equal(rules, role.rules ?? [])) api.update<Role>({ ...role, rules });
    return undefined;
  },
};
