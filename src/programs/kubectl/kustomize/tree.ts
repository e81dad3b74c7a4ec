import type { Json } from "../../../base/json.ts";
import { toYaml } from "../../../base/yaml-out.ts";
import { BuildFault } from "./fault.ts";

/** A manifest while it is worked on: JSON that may be changed in place. */
export type Tree = null | boolean | number | bigint | string | Tree[] | TreeMap;
export interface TreeMap {
  [key: string]: Tree | undefined;
}

export function isMap(tree: Tree | undefined): tree is TreeMap {
  return typeof tree === "object" && tree !== null && !Array.isArray(tree);
}

export function isSeq(tree: Tree | undefined): tree is Tree[] {
  return Array.isArray(tree);
}

/** A deep copy that may be changed. */
export function copyOf(value: Json | undefined): Tree {
  if (typeof value !== "object" || value === null) return value ?? null;
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => copyOf(item));
  const copy: TreeMap = {};
  for (const [key, item] of Object.entries(value)) if (item !== undefined) copy[key] = copyOf(item);
  return copy;
}

const blanks = new WeakMap<object, Set<string>>();

/** Notes that a field is null because nothing stands behind its colon, which merging takes for no field. */
export function markBlank(map: object, key: string): void {
  const keys = blanks.get(map);
  if (keys) keys.add(key);
  else blanks.set(map, new Set([key]));
}

export function isBlank(map: object, key: string): boolean {
  return blanks.get(map)?.has(key) === true;
}

/** The text of a scalar as YAML writes it; of everything else, nothing. */
export function scalarText(tree: Tree | undefined): string {
  return tree === null || tree === undefined || typeof tree === "object" ? "" : String(tree);
}

type NodeKind = "MappingNode" | "SequenceNode" | "ScalarNode";

export function nodeKind(tree: Tree): NodeKind {
  return isMap(tree) ? "MappingNode" : isSeq(tree) ? "SequenceNode" : "ScalarNode";
}

/** Refuses a value of another kind; null is of any (kyaml ErrorIfInvalid). */
export function demandKind(tree: Tree | undefined, kind: NodeKind): void {
  if (tree === null || tree === undefined || nodeKind(tree) === kind) return;
  throw new BuildFault(`wrong node kind: expected ${kind} but got ${nodeKind(tree)}: node contents:\n${toYaml(tree)}`);
}

/** The map under a key, made where it is missing. */
export function childMap(map: TreeMap, key: string): TreeMap {
  const found = map[key];
  if (isMap(found)) return found;
  const made: TreeMap = {};
  map[key] = made;
  return made;
}

/** The texts of a map's values. */
export function textMap(tree: Tree | undefined, ofNull = ""): Map<string, string> {
  const text = (value: Tree | undefined) => (value === null ? ofNull : scalarText(value));
  return new Map(isMap(tree) ? Object.entries(tree).map(([key, value]) => [key, text(value)]) : []);
}

/** Texts as a map, in the order of their keys. */
export function treeOfTexts(texts: ReadonlyMap<string, string>): TreeMap {
  return Object.fromEntries([...texts].sort(([a], [b]) => (a < b ? -1 : 1)));
}
