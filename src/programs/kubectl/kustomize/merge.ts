import { parseYaml3 } from "../../../base/yaml-in/parse-yaml-3.ts";
import type { FieldInfo, TypeInfo } from "../../../schema/define.ts";
import { typeBehind, typeOfKind } from "../../../schema/types.ts";
import { BuildFault } from "./fault.ts";
import { gvkOf } from "./ids.ts";
import { type Element, elementWith, setElement, valuesOfKeys, withKnown } from "./merge-elements.ts";
import { copyOf, demandKind, isBlank, isMap, isSeq, nodeKind, scalarText, type Tree, type TreeMap } from "./tree.ts";

const PATCH = "$patch";

/** What is known of a value: its type where it is an object, the field it stands in where it is a list. */
interface Known {
  readonly type?: TypeInfo | undefined;
  readonly field?: FieldInfo | undefined;
}

/**
 * Applies a strategic merge patch as kustomize does (kyaml merge2, 0.19), which is not quite as kubectl does: new
 * elements come first, nulls of the target that are not touched go too. undefined where nothing is left.
 */
export function mergePatch(target: TreeMap, patch: TreeMap): TreeMap | undefined {
  const type = typeOf(target);
  const merged = merge(target, copyOf(patch as never), type ? { type } : undefined);
  return isMap(merged) ? merged : undefined;
}

/** Fields that came after Kubernetes 1.21, whose API kustomize 5.6 knows. */
const newer: ReadonlySet<string> = new Set(["resourceClaims", "schedulingGates"]);

function typeOf(object: TreeMap): TypeInfo | undefined {
  const { group, version, kind } = gvkOf(scalarText(object.apiVersion), scalarText(object.kind));
  if (group === "batch" && version === "v1beta1") return typeOfKind(group, "v1", kind);
  return typeOfKind(group, version, kind);
}

function fieldOf(known: Known | undefined, key: string): Known | undefined {
  const { type, field } = known ?? {};
  if (field?.type === "map") return field.items ? knownOf(field.items) : undefined;
  const found = type?.fields.get(key);
  return found && !newer.has(key) ? knownOf(found) : undefined;
}

function knownOf(field: FieldInfo): Known {
  return { field, type: field.type === "array" || field.type === "map" ? undefined : typeBehind(field) };
}

function elementsOf(known: Known | undefined): Known | undefined {
  return known?.field?.items ? knownOf(known.field.items) : undefined;
}

type Value = Tree | undefined;

function merge(had: Value, patch: Value, known: Known | undefined): Value {
  const first = had ?? patch;
  if (first === null || first === undefined || isMap(first)) {
    demandKind(patch, "MappingNode");
    return mergeMap(had, patch, known);
  }
  const kind = nodeKind(first);
  demandKind(patch, kind);
  if (!isSeq(first)) return patch === undefined ? had : patch;
  const strategies = known?.field?.patchStrategy?.split(",") ?? [];
  if (strategies.includes("merge")) return mergeList(had, patch, known);
  return patch === undefined ? had : patch;
}

/** The map to go on with; undefined where the field goes. */
function startOfMap(had: Value, patch: Value): Value {
  if (had === null || had === undefined) {
    if (isMap(patch) && directiveOf(patch) === "delete") return undefined;
    return had === null && patch === undefined ? null : patch;
  }
  if (patch === null) return undefined;
  const directive = isMap(patch) ? directiveOf(patch) : "merge";
  return directive === "delete" ? undefined : directive === "replace" ? patch : had;
}

function mergeMap(had: Value, patch: Value, known: Known | undefined): Value {
  const result = startOfMap(had, patch);
  if (!isMap(result)) return result;
  const keys = new Set([...Object.keys(result), ...(isMap(patch) ? Object.keys(patch) : [])]);
  for (const key of [...keys].sort()) {
    const value = merge(result[key], isMap(patch) ? patch[key] : undefined, fieldOf(known, key));
    if (value === undefined || (value === null && !keepsNull(result, patch, key))) delete result[key];
    else result[key] = value;
  }
  return result;
}

/** A null that stands in the target stays where the patch says nothing of it; but not one for which nothing stands. */
function keepsNull(target: TreeMap, patch: Value, key: string): boolean {
  return target[key] === null && !isBlank(target, key) && (!isMap(patch) || patch[key] === undefined);
}

/** Takes the directive out of a patch; merge where there is none. */
function directiveOf(patch: TreeMap): string {
  const found = patch[PATCH];
  if (found === undefined) return "merge";
  const directive = scalarText(found);
  if (!["delete", "replace", "merge"].includes(directive))
    throw new BuildFault(`unknown patch strategy '${directive}'`);
  delete patch[PATCH];
  return directive;
}

/** A directive for a whole list is an element of its own. */
function directiveOfList(patch: Tree[]): string {
  const at = patch.findIndex((element) => isMap(element) && element[PATCH] !== undefined);
  const found = patch[at];
  if (!isMap(found) || Object.keys(found).length > 1) return "merge";
  const directive = directiveOf({ ...found });
  const same = (element: Tree) => isMap(element) && scalarText(element[PATCH]) === directive;
  patch.splice(0, patch.length, ...patch.filter((element) => !same(element)));
  return directive;
}

function startOfList(had: Value, patch: Value): Value {
  if (had === null || had === undefined) return patch;
  if (patch === null) return undefined;
  const directive = isSeq(patch) ? directiveOfList(patch) : "merge";
  return directive === "delete" ? undefined : directive === "replace" ? patch : had;
}

/** Elements that are merged by their keys, or plain values as a set; those of the patch come first. */
function mergeList(had: Value, patch: Value, known: Known | undefined): Value {
  const target = startOfList(had, patch);
  if (!isSeq(target)) return target;
  const { field } = known ?? {};
  const keys = field?.listMapKeys ?? (field?.mergeKey === undefined ? [""] : [field.mergeKey]);
  const sources = [isSeq(patch) ? patch : [], target];
  const elements = valuesOfKeys(sources, keys);
  const inner = elementsOf(known);
  const added: Tree[] = [];
  let used: Element = { keys, values: [] };
  for (const values of elements) {
    used = withKnown(elements, { keys, values });
    const at = withKnown([used.values], used);
    const value = merge(elementWith(target, at), isSeq(patch) ? elementWith(patch, at) : undefined, inner);
    if (value === undefined || value === null || (isMap(value) && Object.keys(value).length === 0)) {
      setElement(target, used, undefined);
      continue;
    }
    nameElement(value, used);
    setElement(added, used, value);
  }
  if (elements.length === 0) return target;
  return appended(added, target, used.keys);
}

/** An element that was found by a key has that key. */
function nameElement(value: Tree, { keys, values }: Element): void {
  if (!isMap(value)) return;
  for (const [i, key] of keys.entries()) {
    const text = values[i];
    if (value[key] === undefined && text) value[key] = copyOf(parseYaml3(text).value);
  }
}

/** The elements of a list behind others; one that is there already takes its place there. */
function appended(list: Tree[], more: readonly Tree[], keys: readonly string[]): Tree[] {
  for (const element of more) {
    const values: string[] = [];
    for (const key of keys) {
      const value = key === "" ? element : isMap(element) ? element[key] : undefined;
      if (value === undefined) list.push(element);
      else values.push(scalarText(value));
    }
    if (keys.length > 1) setElement(list, { keys, values }, undefined);
    setElement(list, { keys, values }, element);
  }
  return list;
}
