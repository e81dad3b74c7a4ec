import { isMap, scalarText, type Tree } from "./tree.ts";

/** An element of a list by its merge keys; a list of plain values has the one key "". */
export interface Element {
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

/** The values of the merge keys of all elements, in order, each once. */
export function valuesOfKeys(lists: readonly (readonly Tree[])[], keys: readonly string[]): string[][] {
  const seen = new Set<string>();
  const all: string[][] = [];
  for (const element of lists.flat()) {
    const values = keys.map((key) => scalarText(key === "" ? element : isMap(element) ? element[key] : undefined));
    const name = JSON.stringify(values);
    if (!seen.has(name)) all.push(values);
    seen.add(name);
  }
  return keys.length > 1 ? joined(all) : all;
}

/** Elements that differ only in what one of them leaves out are the same. */
function joined(all: string[][]): string[][] {
  const result = [...all];
  for (let i = 0; i < result.length; i++) {
    for (let j = 0; j < result.length; j++) {
      const both = common(result[i] ?? [], result[j] ?? []);
      if (!both) continue;
      result[i] = both;
      result[j] = both;
    }
  }
  return result;
}

function common(a: readonly string[], b: readonly string[]): string[] | undefined {
  if (a.some((value, i) => value !== b[i] && value !== "" && b[i] !== "")) return undefined;
  return a.some((value, i) => value === b[i]) ? a.map((value, i) => value || (b[i] ?? "")) : undefined;
}

/** The keys that any element has, and their values; all where none has any. */
export function withKnown(all: readonly (readonly string[])[], { keys, values }: Element): Element {
  const known = new Set(keys.filter((_, i) => all.some((one) => one[i])));
  if (known.size === 0) return { keys, values };
  return {
    keys: keys.filter((key) => known.has(key)),
    values: values.filter((value, i) => value !== "" || known.has(keys[i] ?? "")),
  };
}

/** The first element that is meant. */
export function elementWith(list: readonly Tree[], { keys, values }: Element): Tree | undefined {
  if (keys[0] === "") return list.find((element) => scalarText(element) === values[0]);
  const has = (value: Tree | undefined, wanted: string) => value !== undefined && scalarText(value) === wanted;
  return list.find((element) => isMap(element) && keys.every((key, i) => has(element[key], values[i] ?? "")));
}

/** An empty value stands for any. */
function matches(value: Tree | undefined, wanted: string): boolean {
  return value !== undefined && (wanted === "" || scalarText(value) === wanted);
}

/** Puts an element in the place of those meant, or behind all; without one, those meant are taken out. */
export function setElement(list: Tree[], { keys, values }: Element, element: Tree | undefined): void {
  const byKeys = keys[0] !== "" && values[0] !== undefined && values[0] !== "";
  let found = false;
  const result: Tree[] = [];
  for (const one of list) {
    if (one === null || (isMap(one) && Object.keys(one).length === 0)) continue;
    if (byKeys && !isMap(one)) result.push(one);
    else if (!isMeant(one, { keys, values })) {
      if (values.length > 0) result.push(one);
    } else {
      found = true;
      if (element !== undefined) result.push(element);
    }
  }
  if (element !== undefined && !found) result.push(element);
  list.splice(0, list.length, ...result);
}

function isMeant(one: Tree, { keys, values }: Element): boolean {
  if (keys[0] === "") return scalarText(one) === (values[0] ?? "");
  if (!isMap(one) || values.length === 0) return false;
  return keys.every((key, i) => i >= values.length || matches(one[key], values[i] ?? ""));
}
