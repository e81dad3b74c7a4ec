import { SECOND } from "../../../base/clock.ts";
import type { Json, JsonObject } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import { Status } from "../../../kinds/status.ts";
import type { Task } from "../../../machine/define.ts";
import type { Context } from "../context.ts";
import type { FlagValues, Verb } from "../define.ts";
import { deleteOptions, deletionFlags, propagationOf, untilOneGone } from "../delete-objects.ts";
import { dryRunOf, dryRunQuery } from "../dry-run.ts";
import { CommandFault } from "../faults.ts";
import { eachFound, findObjects } from "../find-objects.ts";
import {
  dryRunFlag,
  fieldManagerFlag,
  fieldValidationOf,
  fileFlags,
  printFlags,
  printOptions,
  subresourceFlag,
  validateFlag,
} from "../flag-groups.ts";
import { textFlag } from "../flag-types.ts";
import { saveConfigFlag } from "../generator.ts";
import { annotationsOf, lastAppliedAnnotation, withLastApplied } from "../last-applied.ts";
import { resultPrinter } from "../printers/result-printer.ts";
import { rawBody, rawProblem, rawRequest } from "../raw-request.ts";
import { kindName } from "../resource.ts";
import type { Finding, Found } from "../selection.ts";
import { filesProblem, withSource } from "../source-fault.ts";

const flags = {
  ...fileFlags("that hold the new objects"),
  ...deletionFlags(false),
  ...printFlags(),
  "dry-run": dryRunFlag,
  "field-manager": fieldManagerFlag("kubectl-replace"),
  raw: textFlag("A path of the API to send the file to with PUT."),
  "save-config": saveConfigFlag,
  subresource: subresourceFlag("The part of the object to replace: status, scale, resize."),
  validate: validateFlag,
};
type Values = FlagValues<typeof flags>;

/** How long --force waits until the old objects are gone, where nothing is said. */
const FORCE_TIMEOUT = 300 * SECOND;

/** Puts the objects of files in the place of those that are there; with --force by deleting these first. */
export const replace: Verb<typeof flags> = {
  path: ["replace"],
  usage: "replace -f FILENAME [options]",
  short: "Replace a resource by file name or stdin",
  long: "Replace a resource by file name or stdin. The complete resource spec must be given.",
  examples: [
    "kubectl replace -f ./pod.json",
    "cat pod.json | kubectl replace -f -",
    "kubectl replace --force -f ./pod.json",
  ],
  flags,
  config: "whole",
  check({ flags: values }) {
    const { "grace-period": grace, force, timeout, filename, raw } = values;
    if (grace >= 0 && !force) return "--grace-period must have --force specified";
    if (timeout !== 0 && !force) return "--timeout must have --force specified";
    const none = filesProblem(values);
    if (none) return none;
    if (raw !== "") {
      if (filename.length !== 1) return "--raw can only use a single local file or stdin";
      if (/^https?:/.test(filename[0] ?? "")) return "--raw cannot read from a url";
      return values.output === "" ? rawProblem(raw) : "--raw and --output are mutually exclusive";
    }
    if (force && values["dry-run"] !== "none") return "--dry-run can not be used when --force is set";
    return undefined;
  },
  *run(context, { flags: values }) {
    const { filename: filenames, recursive, kustomize, raw } = values;
    if (raw !== "") {
      const body = yield* rawBody(context, filenames[0] ?? "");
      return yield* rawRequest(context, { method: "PUT", path: raw, body, contentType: "application/json" });
    }
    const dryRun = dryRunOf(context, values["dry-run"]);
    const finding = yield* findObjects(context, {
      filenames,
      recursive,
      kustomize,
      // With --force the objects are first deleted, by files that nobody checks.
      validates: values.force ? "Ignore" : fieldValidationOf(values.validate),
    });
    const printer = resultPrinter(context, { ...printOptions(values), operation: "replaced", dryRun });
    if (values.force && finding.found.length === 0 && !finding.failure) {
      context.out.line("No resources found");
      throw new CommandFault("no objects passed to replace");
    }
    if (values.force) yield* removeFirst(context, finding, values);
    yield* eachFound(finding, function* (found) {
      const object = configured(found.object, values["save-config"]);
      const query = {
        fieldManager: values["field-manager"],
        fieldValidation: fieldValidationOf(values.validate),
        ...dryRunQuery(dryRun),
      };
      try {
        if (dryRun === "client") printer.print(object);
        else if (values.force)
          printer.print(yield* context.client.create(found.resource, found.namespace, object, query));
        else printer.print(yield* overwritten(context, found, object, query, values.subresource));
      } catch (fault) {
        throw values.force ? fault : withSource("replacing", found.source, fault);
      }
    });
  },
};

/** The annotation that apply goes by is kept true where it is there, or wanted (util.CreateOrUpdateAnnotation). */
function configured(object: JsonObject, always: boolean): JsonObject {
  return always || annotationsOf(object)[lastAppliedAnnotation] !== undefined ? withLastApplied(object) : object;
}

/** An object without a resourceVersion takes that of the one that is there (resource.Helper.Replace). */
function* overwritten(
  context: Context,
  { resource, namespace, name }: Found,
  object: JsonObject,
  query: Readonly<Record<string, string>>,
  subresource: string,
): Task<JsonObject> {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const ask = { resource, namespace, name, subresource };
  if (metadata.resourceVersion) return yield* context.client.update(ask, object, query);
  const resourceVersion = yield* versionOf(context, { resource, namespace, name });
  return yield* context.client.update(ask, { ...object, metadata: { ...metadata, resourceVersion } }, query);
}

/** What cannot be read is replaced all the same. */
function* versionOf(context: Context, ask: Pick<Found, "resource" | "namespace" | "name">): Task<Json | undefined> {
  try {
    const { metadata } = yield* context.client.get(ask);
    return isObject(metadata) ? metadata.resourceVersion : undefined;
  } catch (fault) {
    if (fault instanceof Status) return undefined;
    throw fault;
  }
}

function* removeFirst(context: Context, finding: Finding, values: Values): Task {
  const options = deleteOptions(propagationOf(context, values.cascade), values["grace-period"]);
  const gone: Found[] = [];
  yield* eachFound(finding, function* (found) {
    try {
      yield* context.client.remove(found, options);
      context.out.line(`${kindName(found.resource)} "${found.name}" deleted`);
      gone.push(found);
    } catch (fault) {
      if (!(fault instanceof Status && fault.reason === "NotFound")) throw withSource("deleting", found.source, fault);
    }
  });
  const timeout = values.timeout > 0 ? values.timeout : FORCE_TIMEOUT;
  for (const found of gone) yield* untilOneGone(context, found, undefined, context.now + timeout);
}
