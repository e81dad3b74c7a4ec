import { typeAndName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { fieldManagerFlag, printFlags, printOptions } from "../../flag-groups.ts";
import { kindOf } from "../../kind-of.ts";
import { isPaused, patchRollouts } from "../../rollout-patch.ts";
import { rolloutFlags, rolloutProblem, rolloutSelection } from "../../rollouts.ts";

const flags = { ...rolloutFlags, ...printFlags(), "field-manager": fieldManagerFlag("kubectl-rollout") };

/** Pauses the rollout of a workload: changes of its template then have no effect. */
export const pause: Verb<typeof flags> = {
  path: ["rollout", "pause"],
  usage: "rollout pause RESOURCE [options]",
  short: "Mark the provided resource as paused",
  examples: ["kubectl rollout pause deployment/nginx"],
  flags,
  complete: typeAndName({ types: ["deployment"] }),
  check: ({ args, flags: values }) => rolloutProblem(args, values),
  *run(context, { args, flags: values }) {
    yield* patchRollouts(
      context,
      rolloutSelection(args, values),
      {
        operation: "paused",
        fieldManager: values["field-manager"],
        change(found) {
          if (kindOf(found.resource)?.rollout?.pausedAt === undefined) return "pausing is not supported";
          return isPaused(found) ? "is already paused" : { spec: { paused: true } };
        },
      },
      printOptions(values),
    );
  },
};
