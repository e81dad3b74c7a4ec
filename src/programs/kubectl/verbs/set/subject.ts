import { compareText, type Json, type JsonObject } from "../../../../base/json.ts";
import { sameJson } from "../../../../base/json-object.ts";
import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { shortName } from "../../pod-template.ts";
import { setFlags, setObjects, setTargets } from "../../set-objects.ts";
import { subjectFlags, subjectsOf } from "../../subjects.ts";

const flags = { ...setFlags, ...subjectFlags };

/** Adds users, groups and service accounts to bindings. */
export const subject: Verb<typeof flags> = {
  path: ["set", "subject"],
  usage:
    "set subject (-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  short: "Update the user, group, or service account in a role binding or cluster role binding",
  examples: [
    "kubectl set subject clusterrolebinding admin --serviceaccount=namespace:serviceaccount1",
    "kubectl set subject rolebinding admin --user=user1 --user=user2 --group=group1",
  ],
  flags,
  *run(context, { args, flags: values }) {
    const { found } = yield* setTargets(context, args, values);
    if (values.all && values.selector !== "")
      throw new CommandFault("cannot set --all and --selector at the same time");
    if (values.user.length + values.group.length + values.serviceaccount.length === 0)
      throw new CommandFault("you must specify at least one value of user, group or serviceaccount");
    const sorted = (names: readonly string[]) => [...new Set(names)].toSorted(compareText);
    const { user, group, serviceaccount } = values;
    const subjects = subjectsOf({ user: sorted(user), group: sorted(group), serviceaccount: sorted(serviceaccount) });
    yield* setObjects(context, found, values, {
      operation: "subjects updated",
      failed: "failed to patch subjects to rolebinding: ",
      change(one) {
        if (one.object.roleRef === undefined)
          throw new CommandFault(
            `error: ${shortName(one, values.local)} setting subjects is only supported for RoleBinding/ClusterRoleBinding`,
          );
        const had = (one.object.subjects ?? []) as readonly JsonObject[];
        const added = subjects.filter((wanted) => !had.some((other) => sameJson(other, wanted)));
        return added.length === 0 ? one.object : { ...one.object, subjects: [...had, ...added] as Json };
      },
    });
  },
};
