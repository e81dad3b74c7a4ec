import type { JsonObject } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { textFlag } from "../../flag-types.ts";
import { containersIn, isChosen, withPodSpec } from "../../pod-template.ts";
import { recordFlag } from "../../record.ts";
import { resourceAmounts } from "../../resource-amounts.ts";
import { setFlags, setObjects, setTargets } from "../../set-objects.ts";

const flags = {
  ...setFlags,
  containers: textFlag("The containers, * for all.", { short: "c", initial: "*" }),
  limits: textFlag("The limits, as cpu=100m,memory=256Mi."),
  record: recordFlag,
  requests: textFlag("The requests, as cpu=100m,memory=256Mi."),
};

/** Changes requests and limits of containers. */
export const resources: Verb<typeof flags> = {
  path: ["set", "resources"],
  usage: "set resources (-f FILENAME | TYPE NAME)  ([--limits=LIMITS & --requests=REQUESTS]",
  short: "Update resource requests/limits on objects with pod templates",
  examples: [
    "kubectl set resources deployment nginx -c=nginx --limits=cpu=200m,memory=512Mi",
    "kubectl set resources deployment nginx --limits=cpu=200m,memory=512Mi --requests=cpu=100m,memory=256Mi",
  ],
  flags,
  *run(context, { args, flags: values }) {
    const { found } = yield* setTargets(context, args, values);
    if (values.all && values.selector !== "")
      throw new CommandFault("cannot set --all and --selector at the same time");
    if (values.limits === "" && values.requests === "")
      throw new CommandFault("you must specify an update to requests or limits (in the form of --requests/--limits)");
    const limits = resourceAmounts(values.limits);
    const requests = resourceAmounts(values.requests);
    yield* setObjects(context, found, values, {
      operation: "resource requirements updated",
      failed: "failed to patch resources update to pod template ",
      change: (one) =>
        withPodSpec(one, values.local, (spec) => withAmounts(spec, values.containers, { limits, requests })),
    });
  },
};

interface Amounts {
  readonly limits: JsonObject | undefined;
  readonly requests: JsonObject | undefined;
}

function withAmounts(spec: JsonObject, chosen: string, { limits, requests }: Amounts): JsonObject {
  let count = 0;
  const containers = containersIn(spec, "containers").map((container) => {
    if (!isChosen(container, chosen)) return container;
    count++;
    const had = isObject(container.resources) ? container.resources : {};
    const merged = (name: "limits" | "requests", more: JsonObject | undefined) =>
      more ? { [name]: { ...(isObject(had[name]) ? had[name] : {}), ...more } } : {};
    return { ...container, resources: { ...had, ...merged("limits", limits), ...merged("requests", requests) } };
  });
  if (count === 0) throw new CommandFault(`error: unable to find container named ${chosen}`);
  return { ...spec, containers };
}
