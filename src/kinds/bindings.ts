import { ageColumn, column, nameColumn, wide } from "./cells.ts";
import type { Column } from "./define.ts";
import type { RoleBinding } from "./types/core.ts";

/** The columns of role bindings, of a namespace or of the cluster. */
export const bindingColumns: readonly Column<RoleBinding>[] = [
  nameColumn,
  column("Role", ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  ageColumn,
  wide("Users", (object) => subjectsText(object, "User")),
  wide("Groups", (object) => subjectsText(object, "Group")),
  wide("ServiceAccounts", (object) => subjectsText(object, "ServiceAccount")),
];

function subjectsText(object: RoleBinding, kind: string): string {
  return (object.subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(({ name, namespace }) => (kind === "ServiceAccount" && namespace ? `${namespace}/${name}` : name))
    .join(", ");
}
