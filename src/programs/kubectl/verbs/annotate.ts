import type { Task } from "../../../machine/define.ts";
import { changeOf, checkAll, checkLocal, listPairs, sendChange } from "../change-metadata.ts";
import { typeAndName } from "../completers.ts";
import type { Context } from "../context.ts";
import type { FlagValues, Verb } from "../define.ts";
import { dryRunOf } from "../dry-run.ts";
import { CommandFault } from "../faults.ts";
import { eachFound, findObjects } from "../find-objects.ts";
import { type DryRun, printOptions } from "../flag-groups.ts";
import { metadataFlags, metadataSelection, noResource } from "../metadata-flags.ts";
import { type Pairs, pairsIn, resourcesAndPairs } from "../metadata-pairs.ts";
import { resultPrinter } from "../printers/result-printer.ts";
import { recorded } from "../record.ts";
import type { Found } from "../selection.ts";

const flags = metadataFlags("annotations", "kubectl-annotate");
type Values = FlagValues<typeof flags>;

/** Sets, changes and removes annotations. */
export const annotate: Verb<typeof flags> = {
  path: ["annotate"],
  usage: "annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
  short: "Update the annotations on a resource",
  examples: [
    "kubectl annotate pods foo description='my frontend'",
    "kubectl annotate --overwrite pods foo description='my frontend running nginx'",
    "kubectl annotate pods foo description-",
  ],
  flags,
  complete: typeAndName(),
  *run(context, { args, flags: values }) {
    const { resources, pairs: words } = resourcesAndPairs(args, "annotation");
    if (values.list && values.output !== "")
      throw new CommandFault("--list and --output may not be specified together");
    checkSelection(values, resources);
    const pairs = annotationPairs(words);
    if (words.length === 0 && !values.list) throw new CommandFault("at least one annotation update is required");
    const dryRun = dryRunOf(context, values["dry-run"]);
    const finding = yield* findObjects(context, metadataSelection(resources, values));
    if (values["resource-version"] !== "" && !finding.single)
      throw new CommandFault("--resource-version may only be used with a single resource");
    yield* eachFound(finding, function* (found) {
      if (values.list) listAnnotations(context, found, pairs, values, finding.single);
      else yield* annotateOne(context, found, pairs, values, dryRun);
    });
  },
};

function checkSelection(values: Values, resources: readonly string[]): void {
  const { filename, kustomize, local } = values;
  checkAll(values);
  const hasFiles = filename.length > 0 || kustomize !== "";
  if (local) checkLocal(values, resources, hasFiles, ["-f rsrc.yaml", "--filename=rsrc.json"]);
  else if (resources.length === 0 && !hasFiles) throw new CommandFault(noResource);
}

function annotationPairs(words: readonly string[]): Pairs {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals > 0) set[word.slice(0, equals)] = word.slice(equals + 1);
    else if (word.length < 2) throw new CommandFault(`invalid annotation format: ${word}`);
    else remove.push(word.slice(0, -1));
  }
  const both = remove.filter((key) => set[key] !== undefined);
  if (both.length > 0)
    throw new CommandFault(
      `can not both modify and remove the following annotation(s) in the same command: ${both.join(", ")}`,
    );
  return { set, remove };
}

/** --list shows what the change would make of the annotations, and sends nothing (annotate.go RunAnnotate, 1.33). */
function listAnnotations(context: Context, found: Found, pairs: Pairs, values: Values, single: boolean): void {
  if (!values.overwrite) refuseOverwrites(pairsIn(found.object, "annotations"), pairs.set);
  const { after } = changeOf(found, "annotations", pairs, values["resource-version"]);
  listPairs(context, { ...found, object: after }, "annotations", single);
}

function* annotateOne(context: Context, found: Found, pairs: Pairs, values: Values, dryRun: DryRun): Task {
  const asked = changeOf(found, "annotations", pairs, values["resource-version"]);
  const change = { ...asked, after: recorded(context, values.record, asked.after) };
  if (!values.overwrite) refuseOverwrites(pairsIn(change.before, "annotations"), pairs.set);
  const shown =
    dryRun === "client" || values.local
      ? change.after
      : yield* sendChange(context, found, change, values["field-manager"], dryRun);
  resultPrinter(context, { ...printOptions(values), operation: "annotated", dryRun }).print(shown);
}

function refuseOverwrites(had: Readonly<Record<string, string>>, set: Readonly<Record<string, string>>): void {
  const found = Object.entries(set)
    .filter(([key, value]) => had[key] !== undefined && had[key] !== value)
    .map(([key]) => `'${key}' already has a value (${had[key]})`);
  if (found.length > 0)
    throw new CommandFault(`--overwrite is false but found the following declared annotation(s): ${found.join("; ")}`);
}
