import type { JsonObject } from "../../base/json.ts";
import { CommandFault } from "./faults.ts";
import { listFlag } from "./flag-types.ts";

export const rbacGroup = "rbac.authorization.k8s.io";

/** --user, --group, --serviceaccount */
export const subjectFlags = {
  group: listFlag("A group to bind."),
  serviceaccount: listFlag("A service account to bind, as <namespace>:<name>."),
  user: listFlag("A user to bind."),
};

/** The subjects that the flags name: users, groups, service accounts. */
export function subjectsOf(flags: {
  readonly user: readonly string[];
  readonly group: readonly string[];
  readonly serviceaccount: readonly string[];
}): readonly JsonObject[] {
  const named = (kind: string) => (name: string) => ({ kind, apiGroup: rbacGroup, name });
  return [...flags.user.map(named("User")), ...flags.group.map(named("Group")), ...flags.serviceaccount.map(account)];
}

function account(text: string): JsonObject {
  const [namespace = "", name = "", ...rest] = text.split(":");
  if (namespace === "" || name === "" || rest.length > 0)
    throw new CommandFault("serviceaccount must be <namespace>:<name>");
  return { kind: "ServiceAccount", name, namespace };
}
