import { typeAndName } from "./completers.ts";
import type { Verb } from "./define.ts";
import { fieldManagerFlag, printFlags, printOptions } from "./flag-groups.ts";
import { kindOf } from "./kind-of.ts";
import { isPaused, patchRollouts } from "./rollout-patch.ts";
import { rolloutFlags, rolloutProblem, rolloutSelection } from "./rollouts.ts";

const flags = { ...rolloutFlags, ...printFlags(), "field-manager": fieldManagerFlag("kubectl-rollout") };

/** A command that sets or takes away the pause of a rollout: what it does, and what it says where that cannot be done. */
export function pausing(
  about: Pick<Verb, "path" | "usage" | "short" | "examples">,
  {
    paused,
    operation,
    refused,
    already,
  }: Readonly<Record<"operation" | "refused" | "already", string>> & {
    readonly paused: boolean;
  },
): Verb<typeof flags> {
  return {
    ...about,
    flags,
    complete: typeAndName({ types: ["deployment"] }),
    check: ({ args, flags: values }) => rolloutProblem(args, values),
    *run(context, { args, flags: values }) {
      const change = {
        operation,
        fieldManager: values["field-manager"],
        change(found: Parameters<typeof isPaused>[0]) {
          if (kindOf(found.resource)?.rollout?.pausedAt === undefined) return refused;
          return isPaused(found) === paused ? already : { spec: { paused: paused ? true : null } };
        },
      };
      yield* patchRollouts(context, rolloutSelection(args, values), change, printOptions(values));
    },
  };
}
