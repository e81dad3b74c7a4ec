import { type JsonObject, parseJson, toJson } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { isOrdinary } from "./fault-text.ts";
import { CommandFault, failuresOf, ManifestFault, Unanswered } from "./faults.ts";
import { readKustomized } from "./kustomized-files.ts";
import { localResource } from "./local-resource.ts";
import { logLine } from "./log-line.ts";
import { type ManifestObject, readManifestFiles } from "./manifest-files.ts";
import { readObject } from "./read-object.ts";
import type { Resource } from "./resource.ts";
import type { Finding, Found, Selection } from "./selection.ts";

/** The objects of the files given with -f, in order, with their resources. */
export function* findInFiles(context: Context, selection: Selection): Task<Finding> {
  const { filenames = [], recursive = false, kustomize } = selection;
  const read = kustomize
    ? readKustomized(context, kustomize, { filenames, recursive })
    : yield* readManifestFiles(context, filenames, recursive, isChecked(selection));
  if (selection.validates === "Warn")
    for (let left = read.lists; left > 0; left--)
      context.err.line(logLine(context.proc, "W", "schema.go:145", noWarnings));
  const found: Found[] = [];
  const missed: { after: number; fault: Error }[] = [];
  const miss = (fault: Error) => missed.push({ after: found.length, fault });
  const missBefore = (i: number) => {
    for (const { after, fault } of read.faults) if (after === i) miss(fault);
  };
  for (const [i, one] of read.objects.entries()) {
    missBefore(i);
    try {
      found.push(yield* foundIn(context, selection, one));
    } catch (fault) {
      if (fault instanceof Unanswered) miss(new ManifestFault(`unable to recognize "${one.source}": ${fault.whole}`));
      else if (isOrdinary(fault)) miss(fault);
      else throw fault;
    }
  }
  missBefore(read.objects.length);
  return {
    found,
    failure: failuresOf(missed.map(({ fault }) => fault)),
    missed,
    single: (filenames.length === 1 || kustomize !== undefined) && read.objects.length === 1,
  };
}

const isChecked = ({ validates = "Ignore" }: Selection) => validates !== "Ignore";

/** Said of each list: the server checks fields only of what it takes itself (cli-runtime's validation, 1.33). */
const noWarnings = "cannot perform warn validation if server-side field validation is unsupported, skipping validation";

function* foundIn(context: Context, selection: Selection, { object, source }: ManifestObject): Task<Found> {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const name = typeof metadata.name === "string" ? metadata.name : "";
  const own = typeof metadata.namespace === "string" ? metadata.namespace : "";
  if (selection.local) {
    const resource = localResource(object);
    return { resource, namespace: own || undefined, name, object, source };
  }
  if (isChecked(selection)) yield* reachDescription(context, source);
  const resource = yield* resourceOf(context, object, { name, namespace: own, source });
  const namespace = resource.namespaced ? own || context.namespace : undefined;
  if (resource.namespaced && context.config.namespaceGiven && own !== "" && own !== context.namespace)
    throw new CommandFault(
      `the namespace from the provided object "${own}" does not match the namespace "${context.namespace}". You must pass '--namespace=${own}' to perform this operation.`,
    );
  const placed = own === (namespace ?? "") ? object : { ...object, metadata: { ...metadata, namespace } };
  if (!selection.latest || name === "")
    return { resource, namespace, name, object: inOrder(placed, selection), source };
  const { subresource, accept } = selection;
  const live = yield* readObject(context, { resource, namespace, name, subresource }, accept);
  return { resource, namespace, name, object: live, source };
}

/** What is sent to be made has its keys in order: of several unknown fields the server tells in the order they come. */
function inOrder(object: JsonObject, selection: Selection): JsonObject {
  return isChecked(selection) ? (parseJson(toJson(object, { sortKeys: true })) as JsonObject) : object;
}

/** Where nobody answers, the first thing that fails is the look at the API's description (kubectl validation, 1.33). */
function* reachDescription({ client }: Context, source: string): Task {
  try {
    yield* client.reach("/openapi/v2?timeout=32s");
  } catch (fault) {
    if (!(fault instanceof Unanswered)) throw fault;
    throw new CommandFault(
      `error validating "${source}": error validating data: failed to download openapi: ${fault.whole}; if you choose to ignore these errors, turn validation off with --validate=false`,
    );
  }
}

function* resourceOf(
  context: Context,
  object: JsonObject,
  at: { readonly name: string; readonly namespace: string; readonly source: string },
): Task<Resource> {
  const mapper = yield* context.mapper();
  const { apiVersion, kind } = object as { readonly apiVersion?: string; readonly kind: string };
  const resource = mapper.ofKind(apiVersion ?? "", kind);
  if (resource) return resource;
  throw new ManifestFault(
    `resource mapping not found for name: "${at.name}" namespace: "${at.namespace}" from "${at.source}": no matches for kind "${kind}" in version "${apiVersion ?? ""}"\nensure CRDs are installed first`,
  );
}
