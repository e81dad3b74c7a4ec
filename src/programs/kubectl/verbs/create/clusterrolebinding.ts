import { anyName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { textFlag } from "../../flag-types.ts";
import { createGenerated, generatorFlags, nameProblem } from "../../generator.ts";
import { rbacGroup, subjectFlags, subjectsOf } from "../../subjects.ts";

const flags = {
  ...generatorFlags,
  ...subjectFlags,
  clusterrole: textFlag("The cluster role to bind.", { complete: anyName("clusterroles") }),
};

/** Binds a cluster role to users, groups and service accounts in the whole cluster. */
export const clusterrolebinding: Verb<typeof flags> = {
  path: ["create", "clusterrolebinding"],
  usage:
    "create clusterrolebinding NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  short: "Create a cluster role binding for a particular cluster role",
  examples: [
    "kubectl create clusterrolebinding cluster-admin --clusterrole=cluster-admin --user=user1 --user=user2 --group=group1",
  ],
  flags,
  config: "whole",
  required: ["clusterrole"],
  check: ({ args, dash }) => nameProblem(args, dash),
  *run(context, { args: [name = ""], flags: { clusterrole, ...values } }) {
    const object = {
      apiVersion: `${rbacGroup}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name },
      subjects: subjectsOf(values),
      roleRef: { apiGroup: rbacGroup, kind: "ClusterRole", name: clusterrole },
    };
    const failed = "failed to create clusterrolebinding: ";
    yield* createGenerated(context, values, { object, plural: "clusterrolebindings", namespaced: false, failed });
  },
};
