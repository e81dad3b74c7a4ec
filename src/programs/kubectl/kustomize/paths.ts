import { guestRegex } from "../../../base/regex.ts";
import { BuildFault } from "./fault.ts";
import { splitPath } from "./field-spec.ts";
import { fieldPlace, itemPlaces, type Place } from "./place.ts";
import { demandKind, isMap, isSeq, scalarText, type Tree } from "./tree.ts";

/** Takes a path apart; what stands in brackets stays together: containers.[name=a.b].image, annotations.[a.b/c]. */
export function smartPath(path: string): string[] {
  const names: string[] = [];
  const parts = splitPath(path, ".");
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i] ?? "";
    if (!part.startsWith("[") || part.endsWith("]")) {
      names.push(part);
      continue;
    }
    let whole = part;
    while (i < parts.length - 1 && !whole.endsWith("]")) whole += `.${parts[++i]}`;
    names.push(whole.includes("=") ? whole : whole.replace(/^[[\]]+|[[\]]+$/g, ""));
  }
  return names;
}

const isIndex = (part: string) => /^\+?\d+$/.test(part);
const isMatch = (part: string) => part.startsWith("[") && part.endsWith("]");

function matchOf(part: string): readonly [field: string, value: string] {
  const inner = part.slice(1, -1);
  const equals = inner.indexOf("=");
  if (equals < 0) throw new BuildFault("list path element must contain fieldName=fieldValue for element to match");
  return [inner.slice(0, equals), inner.slice(equals + 1)];
}

/** The value at a path; undefined where there is none (kyaml PathGetter). */
export function lookup(tree: Tree, path: readonly string[]): Tree | undefined {
  let here: Tree | undefined = tree;
  for (const part of path.map((one) => one.trim()).filter((one) => one !== "")) {
    if (here === undefined || here === null) return undefined;
    here = step(here, part);
  }
  return here;
}

function step(here: Tree, part: string): Tree | undefined {
  if (/^[-+]?\d+$/.test(part)) {
    if (Number(part) < 0) throw new BuildFault(`array index ${part} cannot be negative`);
    demandKind(here, "SequenceNode");
    return isSeq(here) ? here[Number(part)] : undefined;
  }
  if (part === "*") throw new BuildFault("wildcard is not supported in PathGetter");
  if (part === "-" || isMatch(part)) {
    demandKind(here, "SequenceNode");
    if (!isSeq(here)) return undefined;
    if (part === "-") return here.at(-1);
    const [field, value] = matchOf(part);
    if (field === "") return here.find((item) => scalarText(item) === value);
    return here.find((item) => isMap(item) && item[field] !== undefined && scalarText(item[field]) === value);
  }
  demandKind(here, "MappingNode");
  return isMap(here) ? here[part] : undefined;
}

/** The kind of value that is made at the end of a path; undefined: nothing is made. */
export type MadeKind = "map" | "seq" | "scalar" | undefined;

/** All places that a path means; with `made` what is missing is made (kyaml PathMatcher). */
export function places(place: Place, path: readonly string[], made: MadeKind): Place[] {
  const [part, ...rest] = path;
  if (part === undefined) return [place];
  if (isIndex(part)) return atIndex(place, Number(part), rest, made);
  if (isMatch(part)) return atMatches(place, part, rest, made);
  if (part === "*") {
    demandKind(place.value, "SequenceNode");
    return itemsOf(place.value).flatMap((item) => places(item, rest, made));
  }
  const map = place.value;
  demandKind(map, "MappingNode");
  if (!isMap(map)) return [];
  if (map[part] === undefined) {
    if (made === undefined) return [];
    map[part] = newValue(rest[0], made);
  }
  return places(fieldPlace(map, part), rest, made);
}

function itemsOf(list: Tree): Place[] {
  return isSeq(list) ? itemPlaces(list) : [];
}

function newValue(next: string | undefined, made: MadeKind): Tree {
  if (next !== undefined && (isMatch(next) || isIndex(next))) return [];
  if (next !== undefined && next !== "") return {};
  return made === "map" ? {} : made === "seq" ? [] : "";
}

function atIndex({ value }: Place, index: number, rest: readonly string[], made: MadeKind): Place[] {
  demandKind(value, "SequenceNode");
  if (isSeq(value) && value.length === index && made !== undefined) value.push(newValue(rest[0], made));
  const items = itemsOf(value);
  const item = items[index];
  if (!item) throw new BuildFault(`index ${index} specified but only ${items.length} elements found`);
  return places(item, rest, made);
}

function atMatches({ value }: Place, part: string, rest: readonly string[], made: MadeKind): Place[] {
  const [field, pattern] = matchOf(part);
  demandKind(value, "SequenceNode");
  const regex = guestRegex(pattern);
  const find = () =>
    itemsOf(value).flatMap((item) => {
      if (field === "") return regex.test(scalarText(item.value)) ? [item] : [];
      const found = isMap(item.value) ? item.value[field] : undefined;
      return found !== undefined && regex.test(scalarText(found)) ? places(item, rest, made) : [];
    });
  const found = find();
  if (found.length > 0 || made === undefined || !isSeq(value)) return found;
  value.push(field === "" ? pattern : { [field]: pattern });
  return find();
}
