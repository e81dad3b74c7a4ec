import type { Role, RoleBinding } from "../types/core.ts";

const rbac = "rbac.authorization.k8s.io";

/** A role without rules is written with rules: null. */
export function roleDefaults(role: Role): void {
  role.rules ??= null as unknown as NonNullable<Role["rules"]>;
}

/** Fills in the API groups of a binding (kubernetes pkg/apis/rbac/v1/defaults.go, 1.35). */
export function bindingDefaults(binding: RoleBinding): void {
  binding.roleRef ??= { apiGroup: "", kind: "", name: "" };
  binding.roleRef.apiGroup ||= rbac;
  for (const subject of binding.subjects ?? [])
    if (!subject.apiGroup && (subject.kind === "User" || subject.kind === "Group")) subject.apiGroup = rbac;
}
