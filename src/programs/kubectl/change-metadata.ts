import { compareText, type JsonObject } from "../../base/json.ts";
import { twoWayMergePatch } from "../../base/patch/merge-patch.ts";
import type { Task } from "../../machine/define.ts";
import type { Context } from "./context.ts";
import { dryRunQuery } from "./dry-run.ts";
import { CommandFault } from "./faults.ts";
import type { DryRun } from "./flag-groups.ts";
import { type Pairs, pairsIn, withoutVersion, withPairs } from "./metadata-pairs.ts";
import type { Found } from "./selection.ts";

type Field = "labels" | "annotations";

interface SelectionValues {
  readonly all: boolean;
  readonly selector: string;
  readonly "field-selector": string;
}

/** Throws what kubectl says where --all stands beside a selector. */
export function checkAll({ all, selector, "field-selector": fields }: SelectionValues): void {
  if (all && selector !== "") throw new CommandFault("cannot set --all and --selector at the same time");
  if (all && fields !== "") throw new CommandFault("cannot set --all and --field-selector at the same time");
}

/** Throws what kubectl says of --local beside names, or without files; the files as its text calls them. */
export function checkLocal(
  values: { readonly "dry-run": string },
  resources: readonly string[],
  hasFiles: boolean,
  [short, long]: readonly [string, string],
): void {
  if (values["dry-run"] === "server")
    throw new CommandFault("cannot specify --local and --dry-run=server - did you mean --dry-run=client?");
  if (resources.length > 0)
    throw new CommandFault(`can only use local files by ${short} or ${long} when --local=true is set`);
  if (!hasFiles) throw new CommandFault(`one or more files must be specified as ${short} or ${long}`);
}

/** --list: the labels or annotations of an object, one a line. */
export function listPairs(context: Context, found: Found, field: Field, single: boolean): void {
  const { object, resource, name } = found;
  if (!single) context.out.line(`Listing ${field} for ${resource.kind}.${resource.group}/${name}:`);
  const pairs = pairsIn(object, field);
  for (const key of Object.keys(pairs).sort(compareText)) context.out.line(`${single ? "" : " "}${key}=${pairs[key]}`);
}

/** A change of labels or annotations: the object before it, and after it as it shall be. */
interface Change {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** What the pairs make of an object; with a version only of that one. */
export function changeOf({ object }: Found, field: Field, pairs: Pairs, version: string): Change {
  const before = version === "" ? object : withoutVersion(object);
  return { before, after: withPairs(before, field, pairs, version) };
}

/** Sends a change and gives the object as the server has it then. */
export function* sendChange(
  context: Context,
  found: Found,
  { before, after }: Change,
  fieldManager: string,
  dryRun: DryRun,
): Task<JsonObject> {
  return yield* context.client.patch(found, "merge", twoWayMergePatch(before, after), {
    fieldManager,
    ...dryRunQuery(dryRun),
  });
}
