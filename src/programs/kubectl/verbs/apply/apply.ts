import { type JsonObject, parseJson, toJson } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import { Status } from "../../../../kinds/status.ts";
import type { Task } from "../../../../machine/define.ts";
import { about, patchToApplied } from "../../apply-patch.ts";
import type { Context } from "../../context.ts";
import type { FlagValues, Verb } from "../../define.ts";
import { deleteOptions, deletionFlags, propagationOf } from "../../delete-objects.ts";
import { dryRunOf, dryRunQuery } from "../../dry-run.ts";
import { CommandFault, UsageFault } from "../../faults.ts";
import { eachFound, findObjects } from "../../find-objects.ts";
import {
  type DryRun,
  dryRunFlag,
  fieldManagerFlag,
  fieldValidationOf,
  fileFlags,
  printFlags,
  printOptions,
  selectorFlag,
  subresourceFlag,
  validateFlag,
} from "../../flag-groups.ts";
import { boolFlag, listFlag, textFlag } from "../../flag-types.ts";
import { chosenBy } from "../../label-choice.ts";
import { annotationsOf, lastAppliedAnnotation, withLastApplied } from "../../last-applied.ts";
import { objectPrinter } from "../../printers/object-printer.ts";
import { resultPrinter } from "../../printers/result-printer.ts";
import { prune, pruneResources } from "../../prune.ts";
import { recorded, recordFlag } from "../../record.ts";
import type { Finding, Found } from "../../selection.ts";
import { filesProblem, withSource } from "../../source-fault.ts";
import { withoutNulls } from "../../without-nulls.ts";
import { applyProblem } from "./apply-problem.ts";
import { ApplySet } from "./apply-set.ts";
import { migrateManagers } from "./migrate-managers.ts";

const flags = {
  ...fileFlags("that hold the objects as they shall be"),
  ...deletionFlags(false),
  ...printFlags(),
  all: boolFlag("With --prune: over all objects of the namespace."),
  applyset: textFlag("[alpha] The object that keeps what was applied together; with KUBECTL_APPLYSET=true.", {
    hidden: true,
  }),
  "dry-run": dryRunFlag,
  "field-manager": fieldManagerFlag("kubectl-client-side-apply"),
  "force-conflicts": boolFlag("With --server-side: take over fields that others manage."),
  "openapi-patch": boolFlag("Make patches with the server's description of types.", { initial: true }),
  overwrite: boolFlag("Settle conflicts with what is there by the file's values.", { initial: true }),
  prune: boolFlag("Delete what was applied before and stands in no file any more."),
  "prune-allowlist": listFlag("A group/version/kind that --prune may delete."),
  record: recordFlag,
  selector: selectorFlag,
  "server-side": boolFlag("Let the server merge."),
  subresource: subresourceFlag("With --server-side: the part of the object to apply to."),
  validate: validateFlag,
};
export type ApplyValues = FlagValues<typeof flags>;
type Values = ApplyValues;

/** Makes objects, or changes them into what their files say. */
export const apply: Verb<typeof flags> = {
  path: ["apply"],
  usage: "apply (-f FILENAME | -k DIRECTORY) [options]",
  short: "Apply a configuration to a resource by file name or stdin",
  examples: [
    "kubectl apply -f ./pod.json",
    "cat pod.json | kubectl apply -f -",
    "kubectl apply -f ./dir --server-side",
  ],
  flags,
  config: "whole",
  check: ({ args, flags: values }) =>
    args.length > 0 ? new UsageFault(`Unexpected args: [${args.join(" ")}]`) : filesProblem(values),
  *run(context, { flags: values, given }) {
    const dryRun = dryRunOf(context, values["dry-run"]);
    const propagation = propagationOf(context, values.cascade);
    const set = yield* ApplySet.of(context, values.applyset, given.has("applyset"), dryRun);
    const resources = values.prune ? pruneResources(yield* context.mapper(), values["prune-allowlist"]) : undefined;
    const wrong = applyProblem(values, dryRun, set !== undefined);
    if (wrong) throw new CommandFault(wrong);
    const { printer, printsObjects } = printing(context, values);
    const finding = yield* findChosen(context, values);
    if (finding.found.length === 0 && !finding.failure) throw new CommandFault("no objects passed to apply");
    const manager = given.has("field-manager") || !values["server-side"] ? values["field-manager"] : "kubectl";
    const how: How = { values, dryRun, manager, quiet: printsObjects };
    const chosen = set ? yield* set.take(finding) : finding;
    const applied: JsonObject[] = [];
    const seen: Found[] = [];
    yield* eachFound(chosen, function* (found) {
      const wanted = recorded(context, values.record, found.object);
      applied.push(yield* applyOne(context, { ...found, object: wanted }, how));
      seen.push(found);
    });
    if (printsObjects) printer.print(listOf(applied), applied.length !== 1);
    if (!values.prune) return;
    const pruned = resultPrinter(context, { ...printOptions(values), operation: "pruned", dryRun });
    const options = deleteOptions(propagation, values["grace-period"]);
    if (set) yield* set.prune(seen, { dryRun, options, printer: pruned });
    else yield* prune(context, seen, { resources, selector: values.selector, dryRun, options, printer: pruned });
  },
};

function printing(context: Context, values: Values) {
  const printsObjects = values.output !== "" && values.output !== "name";
  const printer = objectPrinter(context, { ...printOptions(values), output: values.output || "name" });
  return { printer, printsObjects };
}

/** The objects of the files that -l chooses. */
function* findChosen(context: Context, values: Values): Task<Finding> {
  const { filename: filenames, recursive, kustomize, selector } = values;
  const validates = fieldValidationOf(values.validate);
  const finding = yield* findObjects(context, { filenames, recursive, kustomize, validates });
  // What cannot be read is told before anything is applied (r.Infos).
  return { ...finding, missed: undefined, found: finding.found.filter(chosenBy(selector)) };
}

interface How {
  readonly values: Values;
  readonly dryRun: DryRun;
  readonly manager: string;
  readonly quiet: boolean;
}

/** Several objects are shown as a List, in the order of Go's type. */
function listOf(objects: readonly JsonObject[]): JsonObject {
  const [first] = objects;
  if (first && objects.length === 1) return first;
  const items = objects.map((one) => parseJson(toJson(withoutManagers(one), { sortKeys: true })));
  return { kind: "List", apiVersion: "v1", metadata: {}, items };
}

function withoutManagers(object: JsonObject): JsonObject {
  const { metadata } = object;
  return isObject(metadata) ? { ...object, metadata: { ...metadata, managedFields: undefined } } : object;
}

function queryOf({ values, dryRun, manager }: How): Readonly<Record<string, string>> {
  return { fieldManager: manager, fieldValidation: fieldValidationOf(values.validate), ...dryRunQuery(dryRun) };
}

function say(context: Context, how: How, operation: string, object: JsonObject): JsonObject {
  if (!how.quiet) resultPrinter(context, { ...printOptions(how.values), operation, dryRun: how.dryRun }).print(object);
  return object;
}

function* applyOne(context: Context, found: Found, how: How): Task<JsonObject> {
  const metadata = isObject(found.object.metadata) ? found.object.metadata : {};
  if (found.name === "" && metadata.generateName) {
    throw new CommandFault(`from ${metadata.generateName}: cannot use generate name with apply`);
  }
  if (how.values["server-side"]) return yield* applyThere(context, found, how);
  const modified = withLastApplied(found.object);
  let live: JsonObject | undefined;
  try {
    live = yield* context.client.find(found);
  } catch (fault) {
    throw withSource(`retrieving current configuration of:\n${about(found)}\nfrom server for:`, found.source, fault);
  }
  if (!live) return yield* createOne(context, found, modified, how);
  if (how.dryRun === "client") return say(context, how, "configured", live);
  warnOfMissingAnnotation(context, found, live);
  const { object, changed } = yield* patchOrReplace(context, found, live, modified, how);
  const gone = isObject(object.metadata) ? object.metadata.deletionTimestamp : undefined;
  if (gone) context.err.line(`Warning: Detected changes to resource ${found.name} which is currently being deleted.`);
  return say(context, how, changed ? "configured" : "unchanged", object);
}

function* createOne(context: Context, found: Found, modified: JsonObject, how: How): Task<JsonObject> {
  const object = withoutNulls(modified);
  if (how.dryRun === "client") return say(context, how, "created", object);
  try {
    const made = yield* context.client.create(found.resource, found.namespace, object, queryOf(how));
    return say(context, how, "created", made);
  } catch (fault) {
    throw withSource("creating", found.source, fault);
  }
}

function warnOfMissingAnnotation(context: Context, { resource, name }: Found, live: JsonObject): void {
  if (annotationsOf(live)[lastAppliedAnnotation] !== undefined) return;
  context.err.line(
    `Warning: resource ${resource.plural}/${name} is missing the ${lastAppliedAnnotation} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`,
  );
}

/** --force deletes and makes anew what cannot be patched. */
function* patchOrReplace(
  context: Context,
  found: Found,
  live: JsonObject,
  modified: JsonObject,
  how: How,
): Task<{ object: JsonObject; changed: boolean }> {
  try {
    return yield* patchToApplied(context, found, live, modified, queryOf(how), how.values.overwrite);
  } catch (fault) {
    const hopeless = fault instanceof Status && ["Conflict", "Invalid"].includes(fault.reason);
    if (!how.values.force || !hopeless || how.dryRun !== "none") throw fault;
    yield* context.client.remove(found, { propagationPolicy: "Background", gracePeriodSeconds: 0 });
    while (yield* context.client.find(found)) yield* context.sleep(1);
    return {
      object: yield* context.client.create(found.resource, found.namespace, modified, queryOf(how)),
      changed: true,
    };
  }
}

const conflictAdvice = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

/** Server-side apply: the server merges by who manages which field. */
function* applyThere(context: Context, found: Found, how: How): Task<JsonObject> {
  const query = { ...queryOf(how), force: String(how.values["force-conflicts"]) };
  try {
    const { subresource } = how.values;
    const send = () => context.client.patch({ ...found, subresource }, "apply", found.object, query);
    const applied = yield* send();
    const migrates = how.dryRun === "none" && subresource === "";
    const object = migrates ? yield* migrateManagers(context, found, applied, how.manager, send) : applied;
    return say(context, how, "serverside-applied", object);
  } catch (fault) {
    if (!(fault instanceof Status && fault.reason === "Conflict")) throw fault;
    throw new CommandFault(`${fault.message}\n${conflictAdvice}`);
  }
}
