import { typeAndName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { fieldManagerFlag, printFlags, printOptions } from "../../flag-groups.ts";
import { kindOf } from "../../kind-of.ts";
import { isPaused, patchRollouts } from "../../rollout-patch.ts";
import { rolloutFlags, rolloutProblem, rolloutSelection } from "../../rollouts.ts";

const flags = { ...rolloutFlags, ...printFlags(), "field-manager": fieldManagerFlag("kubectl-rollout") };

/** Resumes a paused rollout. */
export const resume: Verb<typeof flags> = {
  path: ["rollout", "resume"],
  usage: "rollout resume RESOURCE [options]",
  short: "Resume a paused resource",
  examples: ["kubectl rollout resume deployment/nginx"],
  flags,
  complete: typeAndName({ types: ["deployment"] }),
  check: ({ args, flags: values }) => rolloutProblem(args, values),
  *run(context, { args, flags: values }) {
    yield* patchRollouts(
      context,
      rolloutSelection(args, values),
      {
        operation: "resumed",
        fieldManager: values["field-manager"],
        change(found) {
          if (kindOf(found.resource)?.rollout?.pausedAt === undefined) return "resuming is not supported";
          return !isPaused(found) ? "is not paused" : { spec: { paused: null } };
        },
      },
      printOptions(values),
    );
  },
};
