import { toJson } from "../../../../base/json.ts";
import { toYaml } from "../../../../base/yaml-out.ts";
import { typeAndName } from "../../completers.ts";
import type { Verb } from "../../define.ts";
import { UsageFault } from "../../faults.ts";
import { findObjects, untilFault } from "../../find-objects.ts";
import { fileFlags, selectorFlag } from "../../flag-groups.ts";
import { boolFlag, textFlag } from "../../flag-types.ts";
import { lastApplied } from "../../last-applied.ts";

const flags = {
  ...fileFlags("that name the objects"),
  all: boolFlag("All objects of the given types in the namespace."),
  output: textFlag("json or yaml.", { short: "o", initial: "yaml" }),
  selector: selectorFlag,
};

/** Shows what was last applied. */
export const viewLastApplied: Verb<typeof flags> = {
  path: ["apply", "view-last-applied"],
  usage: "apply view-last-applied (TYPE [NAME | -l label] | TYPE/NAME | -f FILENAME)",
  short: "View the latest last-applied-configuration annotations of a resource/object",
  examples: [
    "kubectl apply view-last-applied deployment/nginx",
    "kubectl apply view-last-applied -f deploy.yaml -o json",
  ],
  flags,
  complete: typeAndName(),
  *run(context, { args, flags: { filename: filenames, kustomize, recursive, all, selector, output } }) {
    if (output !== "json" && output !== "yaml")
      throw new UsageFault(`Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`);
    const selection = { args, filenames, kustomize, recursive, all, labelSelector: selector, latest: true, limit: 0 };
    yield* untilFault(yield* findObjects(context, selection), function* ({ object }) {
      const value = lastApplied(object);
      if (!value) return;
      context.out.write(output === "json" ? `${toJson(value, { indent: 2, sortKeys: true })}\n` : toYaml(value));
      yield* context.output.flush();
    });
  },
};
