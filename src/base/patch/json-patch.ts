import type { Json, JsonObject } from "../json.ts";
import { isList, isObject, jsonTypeName, sameJson } from "../json-object.ts";
import { PatchError } from "./patch-error.ts";

type MutableObject = Record<string, Json | undefined>;
type Container = MutableObject | Json[];

/** The document while operations are applied: only containers in `owned` are ours to change. */
interface Working {
  root: Container;
  readonly owned: Set<unknown>;
}

interface Place {
  readonly container: Container;
  readonly key: string;
}

const noValue = "missing value";

/**
 * Applies a JSON patch as Kubernetes does (evanphx/json-patch 4.12), which differs from RFC 6902: negative indexes count
 * from the end, `replace` adds a missing key, `copy` of a missing key writes null.
 */
export function applyJsonPatch(document: JsonObject, patch: Json): Json {
  if (patch === null) return document;
  if (!isList(patch)) throw undecodable(patch, "jsonpatch.Patch");
  for (const operation of patch)
    if (operation !== null && !isObject(operation)) throw undecodable(operation, "jsonpatch.Operation");
  const working: Working = { root: { ...document }, owned: new Set() };
  working.owned.add(working.root);
  for (const operation of patch) applyOperation(working, (operation ?? {}) as JsonObject);
  return working.root as Json;
}

function undecodable(value: Json, type: string): PatchError {
  return new PatchError(`json: cannot unmarshal ${jsonTypeName(value)} into Go value of type ${type}`, "decode");
}

const operations: Readonly<Record<string, (working: Working, operation: JsonObject) => void>> = {
  add,
  remove,
  replace,
  move,
  copy,
  test,
};

function applyOperation(working: Working, operation: JsonObject): void {
  const op = typeof operation.op === "string" ? operation.op : "unknown";
  const run = Object.hasOwn(operations, op) ? operations[op] : undefined;
  if (!run) throw new PatchError(`Unexpected kind: ${op}`);
  run(working, operation);
}

function add(working: Working, operation: JsonObject): void {
  const path = pathOf(operation, "add", noValue);
  const place = find(working, path);
  if (!place) throw new PatchError(`add operation does not apply: doc is missing path: "${path}": ${noValue}`);
  within(`error in add for path: '${path}'`, () => insert(place, operation.value ?? null));
}

function remove(working: Working, operation: JsonObject): void {
  const path = pathOf(operation, "remove", noValue);
  const place = find(working, path);
  if (!place) throw new PatchError(`remove operation does not apply: doc is missing path: "${path}": ${noValue}`);
  within(`error in remove for path: '${path}'`, () => take(place));
}

function replace(working: Working, operation: JsonObject): void {
  const path = pathOf(operation, "replace", `operation missing path field: ${noValue}`);
  const value = operation.value ?? null;
  if (path === "") {
    if (isObject(value)) working.root = { ...value };
    else if (isList(value)) working.root = [...value];
    working.owned.add(working.root);
    return;
  }
  const place = find(working, path);
  if (!place) throw new PatchError(`replace operation does not apply: doc is missing path: ${path}: ${noValue}`);
  if (!Array.isArray(place.container)) {
    place.container[place.key] = value;
    return;
  }
  const index = existingIndex(place.container, place.key);
  if (typeof index === "string") throw new PatchError(`Object to be patched is missing field (${path}: ${noValue})`);
  place.container[index] = value;
}

function move(working: Working, operation: JsonObject): void {
  const from = fromOf(operation, "move");
  const source = find(working, from);
  if (!source) throw new PatchError(`move operation does not apply: doc is missing from path: ${from}: ${noValue}`);
  const value = read(source, `error in move for path: '${source.key}'`) ?? null;
  within(`error in move for path: '${source.key}'`, () => take(source));
  const path = pathOf(operation, "move", `operation missing path field: ${noValue}`);
  const place = find(working, path);
  if (!place)
    throw new PatchError(`move operation does not apply: doc is missing destination path: ${path}: ${noValue}`);
  within(`error in move for path: '${path}'`, () => insert(place, value));
}

function copy(working: Working, operation: JsonObject): void {
  const from = fromOf(operation, "copy");
  const source = find(working, from);
  if (!source) throw new PatchError(`copy operation does not apply: doc is missing from path: ${from}: ${noValue}`);
  const value = read(source, `error in copy for from: '${from}'`) ?? null;
  const path = pathOf(operation, "copy", noValue);
  const place = find(working, path);
  if (!place)
    throw new PatchError(`copy operation does not apply: doc is missing destination path: ${path}: ${noValue}`);
  // What was copied stands in two places now, so neither may be changed in place.
  disown(working, value);
  within("error while adding value during copy", () => insert(place, value));
}

function test(working: Working, operation: JsonObject): void {
  const path = pathOf(operation, "test", `operation missing path field: ${noValue}`);
  const wanted = operation.value;
  const failed = new PatchError(`testing value ${path} failed: test failed`);
  if (path === "") {
    if (!sameJson(working.root as Json, wanted)) throw failed;
    return;
  }
  const place = find(working, path);
  if (!place) throw new PatchError(`test operation does not apply: is missing path: ${path}: ${noValue}`);
  const value = read(place, `error in test for path: '${path}'`) ?? null;
  if (wanted === undefined ? value !== null : !sameJson(value, wanted)) throw failed;
}

function disown(working: Working, value: Json): void {
  if (typeof value !== "object" || value === null || !working.owned.delete(value)) return;
  for (const item of isList(value) ? value : Object.values(value)) if (item !== undefined) disown(working, item);
}

function pathOf(operation: JsonObject, op: string, missing: string): string {
  if (typeof operation.path === "string") return operation.path;
  throw new PatchError(`${op} operation failed to decode path: ${missing}`);
}

function fromOf(operation: JsonObject, op: string): string {
  const { from } = operation;
  if (typeof from === "string") return from;
  const reason =
    from === undefined
      ? `operation, missing from field: ${noValue}`
      : `json: cannot unmarshal ${jsonTypeName(from)} into Go value of type string`;
  throw new PatchError(`${op} operation failed to decode from: ${reason}`);
}

/** The container that the path's last segment lies in, made ours on the way; undefined where a parent is missing. */
function find(working: Working, path: string): Place | undefined {
  const parts = path.split("/");
  if (parts.length < 2) return undefined;
  let container = working.root;
  for (const part of parts.slice(1, -1)) {
    const next = child(working, container, unescapeKey(part));
    if (!next) return undefined;
    container = next;
  }
  return { container, key: unescapeKey(parts.at(-1) ?? "") };
}

function child(working: Working, container: Container, key: string): Container | undefined {
  const at = Array.isArray(container) ? existingIndex(container, key) : undefined;
  if (typeof at === "string") return undefined;
  const value = Array.isArray(container) ? container[at ?? 0] : container[key];
  if (typeof value !== "object" || value === null) return undefined;
  if (working.owned.has(value)) return value as Container;
  const own: Container = isList(value) ? [...value] : { ...value };
  working.owned.add(own);
  if (Array.isArray(container)) container[at ?? 0] = own as Json;
  else container[key] = own as Json;
  return own;
}

function unescapeKey(text: string): string {
  return text.replaceAll("~1", "/").replaceAll("~0", "~");
}

/** Go's strconv.Atoi: a number, or its error text. */
function atoi(text: string): number | string {
  if (!/^[+-]?\d+$/.test(text)) return `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`;
  const value = Number(text);
  if (Math.abs(value) > Number.MAX_SAFE_INTEGER) return `strconv.Atoi: parsing "${text}": value out of range`;
  return value;
}

function invalidIndex(index: number): string {
  return `Unable to access invalid index: ${index}: invalid index referenced`;
}

/** The index of an element that is there, or why there is none. */
function existingIndex(list: readonly Json[], key: string): number | string {
  const index = atoi(key);
  if (typeof index === "string") return index;
  const at = index < 0 ? index + list.length : index;
  return at < 0 || at >= list.length ? invalidIndex(index) : at;
}

function read(place: Place, context: string): Json | undefined {
  if (!Array.isArray(place.container)) return place.container[place.key];
  const index = existingIndex(place.container, place.key);
  if (typeof index === "string") throw new PatchError(`${context}: ${index}`);
  return place.container[index];
}

function insert({ container, key }: Place, value: Json): string | undefined {
  if (!Array.isArray(container)) {
    container[key] = value;
    return undefined;
  }
  if (key === "-") {
    container.push(value);
    return undefined;
  }
  const index = atoi(key);
  if (typeof index === "string") return `value was not a proper array index: '${key}': ${index}`;
  const size = container.length + 1;
  if (index >= size || index < -size) return invalidIndex(index);
  container.splice(index < 0 ? index + size : index, 0, value);
  return undefined;
}

function take({ container, key }: Place): string | undefined {
  if (!Array.isArray(container)) {
    if (container[key] === undefined) return `Unable to remove nonexistent key: ${key}: ${noValue}`;
    delete container[key];
    return undefined;
  }
  const index = existingIndex(container, key);
  if (typeof index === "string") return index;
  container.splice(index, 1);
  return undefined;
}

/** Runs a step that answers with the reason why it could not be done. */
function within(context: string, step: () => string | undefined): void {
  const problem = step();
  if (problem !== undefined) throw new PatchError(`${context}: ${problem}`);
}
