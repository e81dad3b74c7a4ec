import { goSyntax } from "../../../base/go-text.ts";
import { type JsonObject, toJson } from "../../../base/json.ts";
import { isObject, sameJson } from "../../../base/json-object.ts";
import { Status } from "../../../kinds/status.ts";
import type { Task } from "../../../machine/define.ts";
import { typeAndName } from "../completers.ts";
import type { Context } from "../context.ts";
import type { FlagValues, Verb } from "../define.ts";
import { type EditReason, type EditResults, editLoop } from "../edit-loop.ts";
import { CommandFault } from "../faults.ts";
import { findAll } from "../find-objects.ts";
import {
  fieldManagerFlag,
  fieldValidationOf,
  fileFlags,
  printFlags,
  printOptions,
  subresourceFlag,
  validateFlag,
} from "../flag-groups.ts";
import { boolFlag } from "../flag-types.ts";
import { saveConfigFlag } from "../generator.ts";
import { withLastApplied } from "../last-applied.ts";
import { resultPrinter } from "../printers/result-printer.ts";
import { recorded, recordFlag } from "../record.ts";
import { qualifiedName } from "../resource.ts";
import type { Found } from "../selection.ts";
import { patchOf } from "../set-objects.ts";
import { goTypeOf } from "../typed-object.ts";

const flags = {
  ...fileFlags("that name what is to be edited"),
  ...printFlags(),
  "field-manager": fieldManagerFlag("kubectl-edit"),
  "output-patch": boolFlag("Show the patch if the object is edited."),
  record: recordFlag,
  "save-config": saveConfigFlag,
  subresource: subresourceFlag("The part of the object to edit: status."),
  validate: validateFlag,
  "windows-line-endings": boolFlag("Line ends as on Windows."),
};
type Values = FlagValues<typeof flags>;

/** Opens objects in the editor and sends what was changed. */
export const edit: Verb<typeof flags> = {
  path: ["edit"],
  usage: "edit (RESOURCE/NAME | -f FILENAME)",
  short: "Edit a resource on the server",
  long: "Edit a resource from the default editor: the one that KUBE_EDITOR or EDITOR names, or vi.",
  examples: [
    "kubectl edit svc/registry",
    'KUBE_EDITOR="nano" kubectl edit svc/registry',
    "kubectl edit deployment/mydeployment -o yaml --save-config",
  ],
  flags,
  complete: typeAndName(),
  *run(context, { args, flags: values }) {
    const { filename: filenames, kustomize, recursive, subresource, output } = values;
    if (output !== "" && output !== "yaml" && output !== "json" && output !== "name")
      throw new CommandFault(
        `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: json,yaml`,
      );
    const selection = {
      args,
      filenames,
      kustomize,
      recursive,
      subresource,
      latest: true,
      typeMeansAll: true,
      limit: 0,
    };
    const found = yield* findAll(context, selection);
    if (found.length === 0) throw new CommandFault("edit cancelled, no objects found");
    const save = (edited: readonly Found[]) => patchAll(context, found, edited, values);
    yield* editLoop(context, found, save, output === "json" ? "json" : "yaml");
  },
};

function* patchAll(
  context: Context,
  originals: readonly Found[],
  edited: readonly Found[],
  values: Values,
): Task<EditResults> {
  const results = { invalid: [] as EditReason[], notFound: 0, retryable: 0 };
  for (const one of edited) {
    const original = originals.find(({ object }) => uidOf(object) === uidOf(one.object));
    if (!original)
      throw new CommandFault(`no original object found for &unstructured.Unstructured{Object:${goSyntax(one.object)}}`);
    yield* patchOne(context, original, one, values, results);
  }
  return results;
}

function* patchOne(
  context: Context,
  original: Found,
  { object }: Found,
  values: Values,
  results: { invalid: EditReason[]; notFound: number; retryable: number },
): Task {
  const before = withoutManagers(original.object);
  const say = (operation: string, shown: JsonObject) =>
    resultPrinter(context, { ...printOptions(values), operation }).print(shown);
  if (sameJson(before, object)) {
    say("skipped", object);
    return;
  }
  const metadata = isObject(object.metadata) ? object.metadata : {};
  if (object.apiVersion !== before.apiVersion || object.kind !== before.kind || metadata.name !== original.name)
    throw new CommandFault("At least one of apiVersion, kind and name was changed");
  const patch = patchOf(before, kept(original, recorded(context, values.record, object), values));
  if (values["output-patch"]) context.out.line(`Patch: ${toJson(patch, { sortKeys: true })}`);
  const query = { fieldManager: values["field-manager"], fieldValidation: fieldValidationOf(values.validate) };
  const ask = { ...original, subresource: values.subresource };
  try {
    const type = goTypeOf(before) ? "strategic" : "merge";
    say("edited", yield* context.client.patch(ask, type, patch, query));
  } catch (fault) {
    if (!(fault instanceof Status)) throw fault;
    context.err.line(refused(original, fault, results));
  }
}

/** --save-config: the edited object as its annotation, with the managers that were not shown for editing (1.33). */
function kept(original: Found, edited: JsonObject, values: Values): JsonObject {
  if (!values["save-config"]) return edited;
  const { managedFields } = isObject(original.object.metadata) ? original.object.metadata : {};
  const metadata = isObject(edited.metadata) ? edited.metadata : {};
  const whole = withLastApplied({ ...edited, metadata: { ...metadata, managedFields } });
  return withoutManagers(whole);
}

/** What a refused edit leads to: invalid ones are opened again, of others the file is kept (editResults.addError, 1.33). */
function refused(
  { resource, name }: Found,
  fault: Status,
  results: { invalid: EditReason[]; notFound: number; retryable: number },
): string {
  const about = `${qualifiedName(resource)} ${JSON.stringify(name)}`;
  if (fault.reason === "Invalid") {
    const other = (fault.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);
    results.invalid.push({ head: `${about} was not valid`, other });
    return `error: ${about} is invalid`;
  }
  if (fault.reason === "NotFound") {
    results.notFound++;
    return `error: ${about} could not be found on the server`;
  }
  results.retryable++;
  return `error: ${about} could not be patched: ${fault.message}`;
}

function uidOf(object: JsonObject): unknown {
  return isObject(object.metadata) ? object.metadata.uid : undefined;
}

function withoutManagers(object: JsonObject): JsonObject {
  const { metadata } = object;
  return isObject(metadata) ? { ...object, metadata: { ...metadata, managedFields: undefined } } : object;
}
