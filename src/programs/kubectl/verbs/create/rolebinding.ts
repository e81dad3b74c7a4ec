import type { Verb } from "../../define.ts";
import { textFlag } from "../../flag-types.ts";
import { createGenerated, generatedMetadata, generatorFlags, nameProblem } from "../../generator.ts";
import { rbacGroup, subjectFlags, subjectsOf } from "../../subjects.ts";

const flags = {
  ...generatorFlags,
  ...subjectFlags,
  clusterrole: textFlag("The cluster role to bind."),
  role: textFlag("The role to bind."),
};

/** Binds a role, or a cluster role in one namespace, to users, groups and service accounts. */
export const rolebinding: Verb<typeof flags> = {
  path: ["create", "rolebinding"],
  usage:
    "create rolebinding NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  short: "Create a role binding for a particular role or cluster role",
  examples: [
    "kubectl create rolebinding admin --clusterrole=admin --user=user1 --user=user2 --group=group1",
    "kubectl create rolebinding admin-binding --role=admin --serviceaccount=monitoring:sa-dev",
  ],
  flags,
  check({ args, dash, flags: { clusterrole, role } }) {
    const wrong = nameProblem(args, dash);
    if (wrong) return wrong;
    return (clusterrole === "") === (role === "") ? "exactly one of clusterrole or role must be specified" : undefined;
  },
  *run(context, { args: [name = ""], flags: { clusterrole, role, ...values } }) {
    const roleRef = { apiGroup: rbacGroup, kind: role === "" ? "ClusterRole" : "Role", name: role || clusterrole };
    const object = {
      apiVersion: `${rbacGroup}/v1`,
      kind: "RoleBinding",
      metadata: generatedMetadata(context, name),
      subjects: subjectsOf(values),
      roleRef,
    };
    const failed = "failed to create rolebinding: ";
    yield* createGenerated(context, values, { object, plural: "rolebindings", failed });
  },
};
