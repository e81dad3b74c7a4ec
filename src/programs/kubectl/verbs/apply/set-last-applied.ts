import type { JsonObject } from "../../../../base/json.ts";
import type { Verb } from "../../define.ts";
import { dryRunOf, dryRunQuery } from "../../dry-run.ts";
import { CommandFault } from "../../faults.ts";
import { eachFound, findObjects } from "../../find-objects.ts";
import { dryRunFlag, fileFlags, printFlags, printOptions } from "../../flag-groups.ts";
import { boolFlag } from "../../flag-types.ts";
import { annotationsOf, appliedText, lastAppliedAnnotation } from "../../last-applied.ts";
import { resultPrinter } from "../../printers/result-printer.ts";
import { type Found, missingResource } from "../../selection.ts";

const { filename } = fileFlags("that hold what was last applied");
const flags = {
  filename,
  ...printFlags(),
  "create-annotation": boolFlag("Make the annotation where there is none."),
  "dry-run": dryRunFlag,
};

/** Writes the annotation of kubectl apply without changing anything else; nothing where one object is not fit for it. */
export const setLastApplied: Verb<typeof flags> = {
  path: ["apply", "set-last-applied"],
  usage: "apply set-last-applied -f FILENAME",
  short: "Set the last-applied-configuration annotation on a live object to match the contents of a file",
  examples: ["kubectl apply set-last-applied -f deploy.yaml --create-annotation=true"],
  flags,
  check: ({ flags: values }) => (values.filename.length === 0 ? missingResource : undefined),
  *run(context, { flags: values }) {
    const dryRun = dryRunOf(context, values["dry-run"]);
    const stale: { readonly found: Found; readonly live: JsonObject; readonly text: string }[] = [];
    yield* eachFound(yield* findObjects(context, { filenames: values.filename }), function* (found) {
      const live = yield* context.client.get(found);
      const had = annotationsOf(live)[lastAppliedAnnotation];
      if (had === undefined && !values["create-annotation"])
        throw new CommandFault(
          `no last-applied-configuration annotation found on resource: ${found.name}, to create the annotation, run the command with --create-annotation`,
        );
      const text = appliedText(found.object);
      if (text === had) context.out.line(`set-last-applied ${found.name}: no changes required.`);
      else stale.push({ found, live, text });
    });
    const printer = resultPrinter(context, { ...printOptions(values), operation: "configured", dryRun });
    for (const { found, live, text } of stale) {
      const patch = { metadata: { annotations: { [lastAppliedAnnotation]: text } } };
      const send = () => context.client.patch(found, "merge", patch, dryRunQuery(dryRun));
      printer.print(dryRun === "client" ? live : yield* send());
    }
  },
};
