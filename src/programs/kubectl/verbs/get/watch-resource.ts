import { type JsonObject, parseJson, toJson } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import { Status, type StatusReason } from "../../../../kinds/status.ts";
import type { Task } from "../../../../machine/define.ts";
import { tableAccept } from "../../client.ts";
import type { Context } from "../../context.ts";
import { CommandFault } from "../../faults.ts";
import { findInFiles } from "../../find-in-files.ts";
import { withCategories } from "../../find-objects.ts";
import { printOptions } from "../../flag-groups.ts";
import { namedObjects } from "../../named-objects.ts";
import { asTable } from "../../printers/as-table.ts";
import { objectPrinter } from "../../printers/object-printer.ts";
import { TableLines, TableText } from "../../printers/table.ts";
import { kindName, type Resource, resourcePath } from "../../resource.ts";
import type { GetInput } from "./index.ts";

interface Watched {
  readonly resource: Resource;
  readonly namespace: string | undefined;
  /** A single object of this name. */
  readonly name: string | undefined;
}

/** Prints what an event tells. */
type Shown = (object: JsonObject, event: string | undefined) => void;

/** `get -w`: the list, then a line for every change, until the command is interrupted. */
export function* watchResource(context: Context, input: GetInput): Task<number> {
  const { flags } = input;
  const watched = yield* watchedOf(context, input);
  const isTable = (flags.output === "" || flags.output === "wide") && !flags.template;
  const accept = isTable ? tableAccept : "application/json";
  const show = isTable ? tableShower(context, input, watched.resource) : objectShower(context, input);
  const { resource, namespace, name } = watched;
  const { client } = context;
  const selectors = { labelSelector: flags.selector, fieldSelector: flags["field-selector"] };
  const first =
    name === undefined
      ? yield* client.list({ resource, namespace, accept, limit: flags["chunk-size"], ...selectors })
      : yield* client.object({ path: resourcePath(resource, namespace, name), accept });
  const event = flags["output-watch-events"] ? "ADDED" : undefined;
  if (!flags["watch-only"]) for (const object of isTable ? [first] : itemsIn(first)) show(object, event);
  const fieldSelector = name === undefined ? selectors.fieldSelector : `metadata.name=${name}`;
  // A watch of one object begins anywhere: it tells the object itself first, which is not shown again.
  const resourceVersion = name === undefined ? versionOf(first) : "0";
  let skip = name === undefined ? 0 : 1;
  const stream = yield* client.watch({ resource, namespace, accept, ...selectors, fieldSelector, resourceVersion });
  try {
    for (;;) {
      const next = yield* context.next(stream);
      if (next === undefined || next === "timeout") return 0;
      const { type, object } = next as unknown as { readonly type: string; readonly object: JsonObject };
      if (type === "ERROR") throw statusIn(object);
      if (type === "BOOKMARK" || skip-- > 0) continue;
      show(object, flags["output-watch-events"] ? type : undefined);
    }
  } finally {
    stream.close();
  }
}

function* watchedOf(context: Context, { flags, args }: GetInput): Task<Watched> {
  if (flags.filename.length > 0) {
    const { found, failure } = yield* findInFiles(context, { filenames: flags.filename, recursive: flags.recursive });
    if (failure) throw failure;
    const [only] = found;
    if (!only || found.length > 1)
      throw new CommandFault("watch is only supported on individual resources and resource collections");
    return only;
  }
  const named = namedObjects(args);
  if (named.types.length > 1) throw new CommandFault("you may only specify a single resource type");
  const selecting = flags.selector !== "" || flags["field-selector"] !== "";
  if (selecting && (named.combined || named.names.length > 0))
    throw new CommandFault("name cannot be provided when a selector is specified");
  const mapper = yield* context.mapper(5);
  const pairs = named.combined
    ? named.pairs
    : named.types.flatMap((type) =>
        (named.names.length > 0 ? named.names : [undefined]).map((name) => [type, name] as const),
      );
  const [only] = pairs;
  if (!only || pairs.length > 1)
    throw new CommandFault(
      "watch is only supported on individual resources and resource collections - 2 resources were found".replace(
        "2",
        String(pairs.length),
      ),
    );
  const members = withCategories(mapper, only[0]);
  if (members.length > 1) throw new CommandFault("you may only specify a single resource type");
  const resource = mapper.resourceFor(only[0]);
  const everywhere = flags["all-namespaces"] || !resource.namespaced;
  return { resource, namespace: everywhere ? undefined : context.namespace, name: only[1] };
}

function tableShower(context: Context, { flags }: GetInput, resource: Resource): Shown {
  const text = new TableText((part) => context.out.write(part));
  const lines = new TableLines({
    wide: flags.output === "wide",
    noHeaders: flags["no-headers"],
    showLabels: flags["show-labels"],
    labelColumns: flags["label-columns"],
    withNamespace: flags["all-namespaces"] && resource.namespaced,
    kind: flags["show-kind"] ? kindName(resource) : undefined,
  });
  return (object, event) => {
    text.add(lines.linesOf(asTable(object, context.now), event));
    text.flush();
  };
}

function objectShower(context: Context, { flags }: GetInput): Shown {
  const options = { ...printOptions(flags), noHeaders: flags["no-headers"] };
  const printer = objectPrinter(context, options, "get");
  return (object, event) => {
    if (event === undefined || flags.output === "name") printer.print(object);
    // An event is no kubectl object: its JSON is written by Go's own encoder, on one line.
    else if (flags.output === "json") context.out.line(toJson(eventOf(event, object)));
    else printer.print({ object, type: event });
  };
}

function eventOf(type: string, object: JsonObject): JsonObject {
  return { type, object: parseJson(toJson(object, { sortKeys: true })) };
}

function itemsIn(object: JsonObject): readonly JsonObject[] {
  if (!Array.isArray(object.items)) return [object];
  const kind = String(object.kind).replace(/List$/, "");
  return (object.items as readonly JsonObject[]).map((item) =>
    item.kind === undefined ? { apiVersion: object.apiVersion, kind, ...item } : item,
  );
}

function versionOf({ metadata }: JsonObject): string | undefined {
  const version = isObject(metadata) ? metadata.resourceVersion : undefined;
  return typeof version === "string" ? version : undefined;
}

function statusIn({ reason, message }: JsonObject): Status {
  return new Status(String(reason ?? "") as StatusReason, String(message ?? ""));
}
