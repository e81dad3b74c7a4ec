import { goValue } from "../../../../base/go-text.ts";
import type { Json } from "../../../../base/json.ts";
import { labelSelectorFields } from "../../../../base/parse-selector.ts";
import { typeBehind } from "../../../../schema/types.ts";
import type { Verb } from "../../define.ts";
import { CommandFault } from "../../faults.ts";
import { recursiveByDefault } from "../../flag-groups.ts";
import { textFlag } from "../../flag-types.ts";
import { changedAt } from "../../pod-template.ts";
import { recordFlag } from "../../record.ts";
import type { Found } from "../../selection.ts";
import { setFlags, setObjects, setTargets } from "../../set-objects.ts";
import { goTypeOf } from "../../typed-object.ts";

const { selector: _, kustomize: _folder, ...some } = setFlags;
const flags = {
  ...some,
  recursive: recursiveByDefault,
  record: recordFlag,
  "resource-version": textFlag("Change the object only if it still has this version."),
};

/** Changes the selector of services. */
export const selector: Verb<typeof flags> = {
  path: ["set", "selector"],
  usage: "set selector (-f FILENAME | TYPE NAME) EXPRESSIONS [--resource-version=version]",
  short: "Set the selector on a resource",
  examples: ["kubectl set selector service/my-svc 'environment=qa,tier=frontend'"],
  flags,
  check: ({ args }) => (args.length === 0 ? new CommandFault("one selector is required") : undefined),
  *run(context, { args, flags: given }) {
    const values = { ...given, selector: "", kustomize: "" };
    const { matchLabels = {}, matchExpressions = [] } = labelSelectorFields(args.at(-1) ?? "");
    const { found } = yield* setTargets(context, args.slice(0, -1), values);
    yield* setObjects(context, found, values, {
      operation: "selector updated",
      failed: "",
      reportsUnchanged: true,
      change(one) {
        if (!selectsByMap(one)) throw new CommandFault("setting a selector is only supported for Services");
        if (matchExpressions.length > 0) {
          const shown = matchExpressions.map(
            ({ key, operator, values: list = [] }) => `{${key} ${operator} ${goValue(list as Json)}}`,
          );
          throw new CommandFault(`match expression [${shown.join(" ")}] not supported on this object`);
        }
        const resourceVersion = values["resource-version"];
        const versioned =
          resourceVersion === "" ? one.object : changedAt(one.object, ["metadata"], (m) => ({ ...m, resourceVersion }));
        return changedAt(versioned, ["spec"], (spec) => ({ ...spec, selector: { ...matchLabels } }));
      },
    });
  },
};

/** Whether an object forwards to what plain labels select: it has a cluster IP. */
function selectsByMap({ object }: Found): boolean {
  const spec = goTypeOf(object)?.fields.get("spec");
  return spec !== undefined && typeBehind(spec)?.fields.has("clusterIP") === true;
}
