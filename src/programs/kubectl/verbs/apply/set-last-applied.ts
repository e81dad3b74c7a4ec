import type { JsonObject } from "../../../../base/json.ts";
import { toJson } from "../../../../base/json.ts";
import type { Verb } from "../../define.ts";
import { dryRunOf, dryRunQuery } from "../../dry-run.ts";
import { CommandFault } from "../../faults.ts";
import { eachFound, findObjects } from "../../find-objects.ts";
import { dryRunFlag, fileFlags, printFlags, printOptions } from "../../flag-groups.ts";
import { boolFlag } from "../../flag-types.ts";
import { annotationsOf, lastAppliedAnnotation } from "../../last-applied.ts";
import { resultPrinter } from "../../printers/result-printer.ts";
import { missingResource } from "../../selection.ts";

const flags = {
  ...fileFlags("that hold what was last applied"),
  ...printFlags(),
  "create-annotation": boolFlag("Make the annotation where there is none."),
  "dry-run": dryRunFlag,
};

/** Writes the annotation of kubectl apply without changing anything else. */
export const setLastApplied: Verb<typeof flags> = {
  path: ["apply", "set-last-applied"],
  usage: "apply set-last-applied -f FILENAME",
  short: "Set the last-applied-configuration annotation on a live object to match the contents of a file",
  examples: ["kubectl apply set-last-applied -f deploy.yaml --create-annotation=true"],
  flags,
  check: ({ flags: { filename, kustomize } }) =>
    filename.length === 0 && kustomize === "" ? missingResource : undefined,
  *run(context, { flags: values }) {
    const { filename: filenames, kustomize, recursive } = values;
    const dryRun = dryRunOf(context, values["dry-run"]);
    yield* eachFound(yield* findObjects(context, { filenames, kustomize, recursive }), function* (found) {
      const live = yield* context.client.get(found);
      const had = annotationsOf(live)[lastAppliedAnnotation];
      if (had === undefined && !values["create-annotation"])
        throw new CommandFault(
          `no last-applied-configuration annotation found on resource: ${found.name}, to create the annotation, run the command with --create-annotation`,
        );
      const text = `${toJson(found.object, { sortKeys: true })}\n`;
      let object: JsonObject = live;
      if (text !== had && dryRun !== "client") {
        const patch = { metadata: { annotations: { [lastAppliedAnnotation]: text } } };
        object = yield* context.client.patch(found, "merge", patch, dryRunQuery(dryRun));
      }
      resultPrinter(context, { ...printOptions(values), operation: "configured", dryRun }).print(object);
    });
  },
};
