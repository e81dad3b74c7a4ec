import { type JsonObject, toJson } from "../../../base/json.ts";
import type { Task } from "../../../machine/define.ts";
import { changeOf, checkAll, checkLocal, listPairs, sendChange } from "../change-metadata.ts";
import { typeAndName } from "../completers.ts";
import type { Context } from "../context.ts";
import type { FlagValues, Verb } from "../define.ts";
import { dryRunOf } from "../dry-run.ts";
import { CommandFault, failuresOf } from "../faults.ts";
import { eachFound, findObjects } from "../find-objects.ts";
import { type DryRun, printOptions } from "../flag-groups.ts";
import { labelValueProblems } from "../label-problems.ts";
import { metadataFlags, metadataSelection, noResource } from "../metadata-flags.ts";
import { type Pairs, pairsIn, resourcesAndPairs } from "../metadata-pairs.ts";
import { resultPrinter } from "../printers/result-printer.ts";
import { recorded } from "../record.ts";
import type { Found } from "../selection.ts";

const flags = metadataFlags("labels", "kubectl-label");
type Values = FlagValues<typeof flags>;

/** Sets, changes and removes labels. */
export const label: Verb<typeof flags> = {
  path: ["label"],
  usage: "label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]",
  short: "Update the labels on a resource",
  examples: [
    "kubectl label pods foo unhealthy=true",
    "kubectl label --overwrite pods foo status=unhealthy",
    "kubectl label pods --all status=unhealthy",
    "kubectl label pods foo bar-",
  ],
  flags,
  complete: typeAndName(),
  check({ args, flags: values }) {
    const { pairs } = resourcesAndPairs(args, "label");
    if (values.list && values.output !== "")
      return new CommandFault("--list and --output may not be specified together");
    return pairsProblem(pairs);
  },
  *run(context, { args, flags: values }) {
    const { resources, pairs: words } = resourcesAndPairs(args, "label");
    const pairs = labelPairs(words);
    checkSelection(values, resources);
    if (words.length === 0 && !values.list) throw new CommandFault("at least one label update is required");
    const dryRun = dryRunOf(context, values["dry-run"]);
    const finding = yield* findObjects(context, metadataSelection(resources, values));
    yield* eachFound(finding, function* (found) {
      if (values.list) listLabels(context, found, pairs, values, finding.single);
      else yield* labelOne(context, found, pairs, values, dryRun);
    });
  },
};

function checkSelection(values: Values, resources: readonly string[]): void {
  const { filename, kustomize, local } = values;
  checkAll(values);
  const hasFiles = filename.length > 0 || kustomize !== "";
  if (local) checkLocal(values, resources, hasFiles, ["-f pod.yaml", "--filename=pod.json"]);
  else if (resources.length === 0 && !hasFiles) throw new CommandFault(noResource);
}

function labelPairs(words: readonly string[]): Pairs {
  const set: Record<string, string> = {};
  const remove: string[] = [];
  for (const word of words) {
    const [key = "", value] = word.split("=");
    if (value === undefined) remove.push(word.slice(0, -1));
    else set[key] = value;
  }
  return { set, remove };
}

function pairsProblem(words: readonly string[]): CommandFault | undefined {
  for (const word of words) {
    const [, value, ...rest] = word.split("=");
    if (value === undefined) continue;
    if (rest.length > 0) return new CommandFault(`invalid label spec: ${word}`);
    const problems = labelValueProblems(value);
    if (problems.length > 0)
      return new CommandFault(`invalid label value: ${JSON.stringify(word)}: ${problems.join(";")}`);
  }
  const { set, remove } = labelPairs(words);
  return remove.some((key) => set[key] !== undefined)
    ? new CommandFault("can not both modify and remove a label in the same command")
    : undefined;
}

/** --list shows what the change would make of the labels, and sends nothing (label.go RunLabel, 1.33). */
function listLabels(context: Context, found: Found, pairs: Pairs, values: Values, single: boolean): void {
  if (!values.overwrite) refuseOverwrites(pairsIn(found.object, "labels"), pairs.set);
  const { after } = changeOf(found, "labels", pairs, values["resource-version"]);
  listPairs(context, { ...found, object: after }, "labels", single);
}

function* labelOne(context: Context, found: Found, pairs: Pairs, values: Values, dryRun: DryRun): Task {
  const asked = changeOf(found, "labels", pairs, values["resource-version"]);
  const change = { ...asked, after: recorded(context, values.record, asked.after) };
  const { before, after } = change;
  const local = dryRun === "client" || values.local;
  const had = pairsIn(before, "labels");
  if (!local) for (const key of pairs.remove) if (had[key] === undefined) context.out.line(`label "${key}" not found.`);
  if (!values.overwrite) refuseOverwrites(had, pairs.set);
  const shown = local ? after : yield* sendChange(context, found, change, values["field-manager"], dryRun);
  const operation = operationOf(before, after, values.overwrite);
  resultPrinter(context, { ...printOptions(values), operation, dryRun }).print(shown);
}

function refuseOverwrites(had: Readonly<Record<string, string>>, set: Readonly<Record<string, string>>): void {
  const faults = Object.entries(set).flatMap(([key, value]) => {
    const current = had[key];
    return current === undefined || current === value
      ? []
      : [new CommandFault(`'${key}' already has a value (${current}), and --overwrite is false`)];
  });
  const failure = failuresOf(faults);
  if (failure) throw failure;
}

/** A label was removed where the object became smaller (label.go updateDataChangeMsg, 1.33). */
function operationOf(before: JsonObject, after: JsonObject, overwrite: boolean): string {
  const [old, next] = [toJson(before, { sortKeys: true }), toJson(after, { sortKeys: true })];
  if (old === next) return "not labeled";
  return next.length < old.length && !overwrite ? "unlabeled" : "labeled";
}
