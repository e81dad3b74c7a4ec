import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { Json } from "../../src/base/json.ts";
import { isObject } from "../../src/base/json-object.ts";

/** What is wrong with an exercise, paper or world file, with file:line:column. */
export class ExerciseError extends Error {
  override name = "ExerciseError";
}

/** A YAML file that is being read, with the values that stand for its ${parameters}. */
interface Source {
  readonly file: string;
  readonly lines: LineCounter;
  readonly parameters: Readonly<Record<string, Json>>;
}

/** A value in a file: where errors point to. `key` is what it is called in messages. */
export interface Place {
  readonly source: Source;
  readonly node: Node;
  readonly key: string;
}

/** Reads a file as one YAML document. Throws ExerciseError. */
export function openYaml(text: string, file: string): Place {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = [...document.errors, ...document.warnings];
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new ExerciseError(`${file}:${line}:${col}: ${error.message}`);
  }
  if (!document.contents) throw new ExerciseError(`${file}:1:1: the file is empty`);
  return { source: { file, lines, parameters: {} }, node: document.contents, key: "the file" };
}

/** The same place, read with other parameters. */
export function withParameters(place: Place, parameters: Readonly<Record<string, Json>>): Place {
  return { ...place, source: { ...place.source, parameters } };
}

/** file:line:column */
export function positionOf({ source, node }: Place): string {
  const { line, col } = source.lines.linePos(node.range?.[0] ?? 0);
  return `${source.file}:${line}:${col}`;
}

export function fail(place: Place, message: string): never {
  throw new ExerciseError(`${positionOf(place)}: ${message}`);
}

/** The entries of a mapping, in the file's order. */
export function entriesOf(place: Place): readonly (readonly [key: string, at: Place, value: Place])[] {
  if (!isMap(place.node)) fail(place, `${place.key} must be a mapping`);
  return place.node.items.map((pair) => {
    if (!isScalar(pair.key)) fail(place, `${place.key} has a key that is no text`);
    const key = String(pair.key.value);
    const at: Place = { source: place.source, node: pair.key, key };
    const node = (pair.value ?? pair.key) as Node;
    if (!pair.value) fail(at, `${key} has no value`);
    return [key, at, { source: place.source, node, key }];
  });
}

/** The items of a list. */
export function itemsOf(place: Place): readonly Place[] {
  if (!isSeq(place.node)) fail(place, `${place.key} must be a list`);
  return place.node.items.map((item, i) => ({ source: place.source, node: item as Node, key: `${place.key}[${i}]` }));
}

export function isListPlace(place: Place): boolean {
  return isSeq(place.node);
}

/** A scalar as it stands in the file: `0600` stays 0600. */
export function sourceText(place: Place): string {
  if (!isScalar(place.node)) fail(place, `${place.key} must be a text`);
  return String(substitute(place, place.node.source ?? String(place.node.value), "strict"));
}

/** The value with its parameters filled in. `lenient` leaves unknown ${names} as they are: the shell's own. */
export function valueAt(place: Place, unknown: "strict" | "lenient" = "strict"): Json {
  const { node } = place;
  if (isAlias(node)) fail(place, "aliases are not used in these files");
  if (isScalar(node)) {
    const { value } = node;
    if (typeof value === "string") return substitute(place, value, unknown);
    if (value === null || typeof value === "number" || typeof value === "boolean") return value;
    return fail(place, `${place.key} has a value of an unknown type`);
  }
  if (isSeq(node)) return itemsOf(place).map((item) => valueAt(item, unknown));
  return Object.fromEntries(
    entriesOf(place).map(([key, at, value]) => [String(substitute(at, key, unknown)), valueAt(value, unknown)]),
  );
}

const parameter = /\$\{([A-Za-z][\w.-]*)\}/g;

/** A text that is one parameter alone takes that parameter's type. */
function substitute(place: Place, text: string, unknown: "strict" | "lenient"): Json {
  if (!text.includes("${")) return text;
  const look = (name: string): Json | undefined =>
    name
      .split(".")
      .reduce<Json | undefined>((value, part) => (isObject(value) ? value[part] : undefined), place.source.parameters);
  const alone = /^\$\{([A-Za-z][\w.-]*)\}$/.exec(text)?.[1];
  const whole = alone === undefined ? undefined : look(alone);
  if (whole !== undefined) return whole;
  return text.replace(parameter, (all, name: string) => {
    const value = look(name);
    if (value === undefined) {
      if (unknown === "lenient") return all;
      return fail(place, `${all} is no parameter of this file`);
    }
    if (typeof value === "object") return fail(place, `${all} is not one value`);
    return String(value);
  });
}
