import type { JsonObject } from "../../base/json.ts";
import { Status } from "../../kinds/status.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { isOrdinary } from "./fault-text.ts";
import { CommandFault, failuresOf } from "./faults.ts";
import { findInFiles } from "./find-in-files.ts";
import type { ClientConfig } from "./kubeconfig/client-config.ts";
import type { Mapper } from "./mapper.ts";
import { type Named, namedObjects } from "./named-objects.ts";
import { readObject } from "./read-object.ts";
import { groupVersion, type Resource } from "./resource.ts";
import { type Finding, type Found, missingResource, type Selection } from "./selection.ts";

/**
 * The objects that a command line means (cli-runtime resource.Builder): of files, by type and name, or by selector.
 * Throws what makes the command line senseless; what fails for single objects is in `failure`.
 */
export function* findObjects(context: Context, selection: Selection): Task<Finding> {
  const { args = [], filenames = [], kustomize } = selection;
  if (!selection.local) checkConfig(context);
  if (filenames.length > 0 || kustomize) {
    if (namedObjects(args).combined)
      throw new CommandFault("resource/name arguments cannot be provided when a path is specified");
    if (args.length > 0)
      throw new CommandFault(
        "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
      );
    return yield* findInFiles(context, selection);
  }
  const named = namedObjects(args);
  const selecting = isSelecting(selection, named);
  if (args.length === 0) {
    if (selecting && !selection.typeMeansAll)
      throw new CommandFault("at least one resource must be specified to use a selector");
    throw new CommandFault(missingResource);
  }
  checkNames(named, selecting);
  const mapper = yield* context.mapper(named.combined ? 4 : 4 + named.types.length);
  if (selecting) return yield* findBySelector(context, mapper, selection, named);
  return yield* findByName(context, mapper, selection, named);
}

/** A kubeconfig that cannot be used is told before anything about the words. */
function checkConfig(context: Context): ClientConfig {
  return context.config;
}

/** Every object of a selection, or the failure thrown. For commands that do not go on after a failure. */
export function* findAll(context: Context, selection: Selection): Task<readonly Found[]> {
  const { found, failure } = yield* findObjects(context, selection);
  if (failure) throw failure;
  return found;
}

/** Works off what was found, one by one; faults are kept until all is done, then thrown together. */
export function* eachFound(finding: Finding, work: (found: Found) => Task): Task {
  const faults: Error[] = finding.failure && !finding.missed ? [finding.failure] : [];
  const missed = (after: number) =>
    (finding.missed ?? []).filter((one) => one.after === after).map(({ fault }) => fault);
  for (const [i, found] of finding.found.entries()) {
    faults.push(...missed(i));
    try {
      yield* work(found);
    } catch (fault) {
      if (!isOrdinary(fault)) throw fault;
      faults.push(fault);
    }
  }
  faults.push(...missed(finding.found.length));
  const failure = failuresOf(faults);
  if (failure) throw failure;
}

/** Works off what was found, one by one, up to the first fault, which is thrown. */
export function* untilFault(finding: Finding, work: (found: Found) => Task): Task {
  const first = finding.missed?.[0];
  for (const found of first ? finding.found.slice(0, first.after) : finding.found) yield* work(found);
  if (first) throw first.fault;
  if (finding.failure) throw finding.failure;
}

function isSelecting(selection: Selection, named: Named): boolean {
  const { labelSelector, fieldSelector, all, namesBesideAll, typeMeansAll } = selection;
  const hasNames = named.combined || named.names.length > 0;
  if (labelSelector || fieldSelector || (all && !(namesBesideAll && hasNames))) return true;
  return typeMeansAll === true && !named.combined && named.names.length === 0 && named.types.length > 0;
}

function checkNames(named: Named, selecting: boolean): void {
  if (!selecting) return;
  if (named.combined)
    throw new CommandFault("selectors and the all flag cannot be used when passing resource/name arguments");
  if (named.names.length > 0) throw new CommandFault("name cannot be provided when a selector is specified");
}

function* findBySelector(context: Context, mapper: Mapper, selection: Selection, named: Named): Task<Finding> {
  const { subresource } = selection;
  if (subresource) throw new CommandFault("subresource cannot be used when bulk resources are specified");
  const resources = named.types
    .flatMap((word) => withCategories(mapper, word))
    .map((one) => resolve(context, mapper, one));
  const found: Found[] = [];
  const faults: Error[] = [];
  for (const resource of resources) {
    try {
      found.push(...(yield* listOf(context, resource, selection)));
    } catch (fault) {
      if (!isOrdinary(fault)) throw fault;
      faults.push(fault);
    }
  }
  return { found, failure: failuresOf(faults), single: false };
}

/** A type's name, or the members of the category that the word is. */
export function withCategories(mapper: Mapper, word: string): readonly (string | Resource)[] {
  const members = mapper.inCategory(word);
  return members.length > 0 ? members : [word];
}

function resolve(context: Context, mapper: Mapper, one: string | Resource): Resource {
  if (typeof one !== "string") return one;
  const resource = mapper.resourceFor(one);
  const others = mapper.alsoMeant(one.toLowerCase());
  if (others.length > 0)
    context.err.line(`Warning: short name "${one}" could also match lower priority resource ${others.join(", ")}`);
  return resource;
}

function* listOf(context: Context, resource: Resource, selection: Selection): Task<readonly Found[]> {
  const { labelSelector, fieldSelector, allNamespaces, accept, query, limit, whole } = selection;
  const namespace = resource.namespaced && !allNamespaces ? context.namespace : undefined;
  let list: JsonObject;
  try {
    const more = query;
    list = yield* context.client.list({ resource, namespace, labelSelector, fieldSelector, accept, limit, more });
  } catch (fault) {
    throw fault instanceof Status ? listFault(fault, resource, selection) : fault;
  }
  if (whole) return [{ resource, namespace, name: "", object: list, source: "" }];
  return itemsOfList(resource, list);
}

/** The objects of a list from the server, each with its kind. */
export function itemsOfList(resource: Resource, list: JsonObject): readonly Found[] {
  const apiVersion = groupVersion(resource);
  return ((list.items ?? []) as readonly JsonObject[]).map((item) => {
    const metadata = item.metadata as { readonly name?: string; readonly namespace?: string };
    const object = item.kind === undefined ? { apiVersion, kind: resource.kind, ...item } : item;
    return { resource, namespace: metadata.namespace, name: metadata.name ?? "", object, source: "" };
  });
}

function listFault(fault: Status, resource: Resource, { labelSelector, fieldSelector }: Selection): Status {
  if (fault.reason !== "BadRequest" && fault.reason !== "NotFound") return fault;
  const what = JSON.stringify(`${resource.group}/${resource.version}, Resource=${resource.plural}`);
  const selectors =
    labelSelector || fieldSelector
      ? `Unable to find ${what} that match label selector ${JSON.stringify(labelSelector ?? "")}, field selector ${JSON.stringify(fieldSelector ?? "")}`
      : `Unable to list ${what}`;
  return new Status(fault.reason, `${selectors}: ${fault.message}`, fault.details, fault.code);
}

function* findByName(context: Context, mapper: Mapper, selection: Selection, named: Named): Task<Finding> {
  const { allNamespaces, accept, subresource } = selection;
  const pairs = named.combined
    ? named.pairs.map(([type, name]) => [resolve(context, mapper, type), name] as const)
    : named.types
        .flatMap((word) => withCategories(mapper, word))
        .map((one) => resolve(context, mapper, one))
        .flatMap((resource) => named.names.map((name) => [resource, name] as const));
  if (pairs.length === 0) throw new CommandFault("resource(s) were provided, but no name was specified");
  const found: Found[] = [];
  const missed: { after: number; fault: Error }[] = [];
  for (const [resource, name] of pairs) {
    if (allNamespaces && resource.namespaced)
      throw new CommandFault("a resource cannot be retrieved by name across all namespaces");
    const namespace = resource.namespaced ? context.namespace : undefined;
    try {
      if (name === "") throw new CommandFault("resource name may not be empty");
      const object = yield* readObject(context, { resource, namespace, name, subresource }, accept);
      found.push({ resource, namespace, name, object, source: "" });
    } catch (fault) {
      if (!isOrdinary(fault)) throw fault;
      missed.push({ after: found.length, fault });
    }
  }
  return { found, failure: failuresOf(missed.map(({ fault }) => fault)), missed, single: pairs.length === 1 };
}
