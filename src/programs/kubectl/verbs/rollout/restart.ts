import type { JsonObject } from "../../../../base/json.ts";
import { rfc3339 } from "../../../../base/time.ts";
import { typeAndName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { fieldManagerFlag, printFlags, printOptions } from "../../flag-groups.ts";
import { kindOf } from "../../kind-of.ts";
import { pairsIn } from "../../metadata-pairs.ts";
import { isPaused, patchRollouts } from "../../rollout-patch.ts";
import { rolloutFlags, rolloutProblem, rolloutSelection } from "../../rollouts.ts";

const flags = { ...rolloutFlags, ...printFlags(), "field-manager": fieldManagerFlag("kubectl-rollout") };

const restartedAt = "kubectl.kubernetes.io/restartedAt";
const tooSoon =
  "if restart has already been triggered within the past second, please wait before attempting to trigger another";

/** Replaces all pods of a workload, as after a change of its template. */
export const restart: Verb<typeof flags> = {
  path: ["rollout", "restart"],
  usage: "rollout restart RESOURCE [options]",
  short: "Restart a resource",
  long: "Restart a resource. Resource rollout will be restarted.",
  examples: [
    "kubectl rollout restart deployment -n test-namespace",
    "kubectl rollout restart deployment/nginx",
    "kubectl rollout restart daemonset/abc",
    "kubectl rollout restart deployment --selector=app=nginx",
  ],
  flags,
  complete: typeAndName({ types: ["deployment", "daemonset", "statefulset"] }),
  check: ({ args, flags: values }) => rolloutProblem(args, values),
  *run(context, { args, flags: values }) {
    yield* patchRollouts(
      context,
      rolloutSelection(args, values),
      {
        operation: "restarted",
        fieldManager: values["field-manager"],
        change(found) {
          if (!kindOf(found.resource)?.rollout) return "restarting is not supported";
          if (isPaused(found)) return "can't restart paused deployment (run rollout resume first)";
          const annotations = { [restartedAt]: rfc3339(context.now) };
          const { template } = found.object.spec as { readonly template: JsonObject };
          if (pairsIn(template, "annotations")[restartedAt] === annotations[restartedAt])
            throw new CommandFault(`failed to create patch for ${found.name}: ${tooSoon}`);
          return { spec: { template: { metadata: { annotations } } } };
        },
      },
      printOptions(values),
    );
  },
};
