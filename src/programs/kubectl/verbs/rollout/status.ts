import type { JsonObject } from "../../../../base/json.ts";
import type { KubeObject } from "../../../../kinds/types/meta.ts";
import { typeAndName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { eachFound, findObjects } from "../../find-objects.ts";
import { boolFlag, durationFlag, intFlag } from "../../flag-types.ts";
import { followObject } from "../../follow-object.ts";
import { checkRegistered, kindOf } from "../../kind-of.ts";
import { groupKind, rolloutFlags, rolloutProblem, rolloutSelection, tellNothing } from "../../rollouts.ts";

const flags = {
  ...rolloutFlags,
  revision: intFlag("Only follow this revision; 0 is the newest."),
  timeout: durationFlag("How long to watch; zero is for ever."),
  watch: boolFlag("Watch until the rollout is done.", { short: "w", initial: true }),
};

/** Follows a rollout until it is done. */
export const status: Verb<typeof flags> = {
  path: ["rollout", "status"],
  usage: "rollout status (TYPE NAME | TYPE/NAME) [flags] [options]",
  short: "Show the status of the rollout",
  examples: ["kubectl rollout status deployment/nginx", "kubectl rollout status deploy/nginx --watch=false"],
  flags,
  complete: typeAndName({ types: ["deployment", "daemonset", "statefulset"], once: true }),
  check({ args, flags: values }) {
    const missing = rolloutProblem(args, values);
    if (missing) return missing;
    return values.revision < 0 ? `revision must be a positive integer: ${values.revision}` : undefined;
  },
  *run(context, { args, flags: values }) {
    const finding = yield* findObjects(context, rolloutSelection(args, values));
    if (tellNothing(context, finding)) return;
    yield* eachFound(finding, function* (found) {
      const rollout = kindOf(found.resource)?.rollout;
      if (!rollout) checkRegistered(found.resource);
      if (!rollout) throw new CommandFault(`no status viewer has been implemented for ${groupKind(found.resource)}`);
      const until = values.timeout === 0 ? undefined : context.now + values.timeout;
      yield* followObject(context, found, until, (object) => {
        if (!object) throw new CommandFault("object has been deleted");
        const { text, done } = statusOf(rollout.status, object, values.revision);
        context.out.line(text);
        return done || !values.watch;
      });
    });
  },
};

type StatusOf = (object: KubeObject, revision?: number) => { readonly text: string; readonly done: boolean };

/** A rollout that failed says so with a plain error. */
function statusOf(status: StatusOf, object: JsonObject, revision: number): ReturnType<StatusOf> {
  try {
    return status(object as unknown as KubeObject, revision);
  } catch (failure) {
    throw failure instanceof Error ? new CommandFault(failure.message) : failure;
  }
}
