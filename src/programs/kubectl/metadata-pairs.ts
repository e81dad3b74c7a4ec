import type { JsonObject } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import { CommandFault } from "./faults.ts";

/** What a command line wants of labels or annotations. */
export interface Pairs {
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

/** The words before the first pair, and the pairs (cmdutil.GetResourcesAndPairs, 1.33). */
export function resourcesAndPairs(args: readonly string[], what: string) {
  const isPair = (arg: string) => arg.indexOf("=") > 0 || arg.endsWith("-");
  const first = args.findIndex(isPair);
  if (first < 0) return { resources: args, pairs: [] };
  const pairs = args.slice(first);
  const stray = pairs.find((arg) => !isPair(arg));
  if (stray !== undefined) throw new CommandFault(`all resources must be specified before ${what} changes: ${stray}`);
  return { resources: args.slice(0, first), pairs };
}

/** An object with other labels or annotations; both maps stand there afterwards, even if empty, as kubectl leaves them. */
export function withPairs(
  object: JsonObject,
  field: "labels" | "annotations",
  { set, remove }: Pairs,
  resourceVersion: string,
): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const had = isObject(metadata[field]) ? (metadata[field] as JsonObject) : {};
  const next: Record<string, JsonObject[string]> = { ...had, ...set };
  for (const key of remove) delete next[key];
  const version = resourceVersion === "" ? {} : { resourceVersion };
  return { ...object, metadata: { ...metadata, [field]: next, ...version } };
}

/** The object from which a patch is made that shall carry a resourceVersion. */
export function withoutVersion(object: JsonObject): JsonObject {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  return { ...object, metadata: { ...metadata, resourceVersion: undefined } };
}

/** The labels or annotations of an object. */
export function pairsIn(object: JsonObject, field: "labels" | "annotations"): Readonly<Record<string, string>> {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  return (isObject(metadata[field]) ? metadata[field] : {}) as Readonly<Record<string, string>>;
}
