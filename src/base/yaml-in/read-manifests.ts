import { FormatError } from "../format-error.ts";
import type { Json, JsonObject } from "../json.ts";
import { readJson } from "../json-reader.ts";
import { manifestProblem } from "./manifest-problem.ts";
import { parseYaml } from "./parse-yaml.ts";
import { splitDocuments } from "./split-documents.ts";

/**
 * The documents of a file given with `-f`, one after the other, as kubectl reads them: JSON first where the text begins
 * with a brace, else YAML; empty ones are left out. Throws at the first that cannot be read, in kubectl's words without
 * the leading `error: `; `source` is the file's name or STDIN.
 */
export function* readDocuments(text: string, source: string): Generator<Json> {
  let rest = text.startsWith("\ufeff") ? text.slice(1) : text;
  for (;;) {
    const start = rest.search(/\S/);
    if (start < 0 || rest[start] !== "{") break;
    const json = tryJson(rest, start);
    if (json instanceof FormatError) {
      yield* readYaml(rest, source, json);
      return;
    }
    yield json.value;
    rest = rest.slice(json.end);
  }
  yield* readYaml(rest, source);
}

function tryJson(text: string, start: number): { value: Json; end: number } | FormatError {
  try {
    return readJson(text, start);
  } catch (fault) {
    if (fault instanceof FormatError) return fault;
    throw fault;
  }
}

/** `instead` is what JSON's parser said of the same text; it is told if YAML's cannot read the first document either. */
function* readYaml(text: string, source: string, instead?: FormatError): Generator<Json> {
  let first = true;
  try {
    for (const document of splitDocuments(text)) {
      const value = asJson(document);
      first = false;
      if (value !== null) yield value;
    }
  } catch (fault) {
    if (!(fault instanceof FormatError)) throw fault;
    throw new FormatError(`error parsing ${source}: ${first && instead ? jsonWords(instead) : fault.message}`);
  }
}

function asJson(document: string): Json {
  try {
    return parseYaml(document);
  } catch (fault) {
    if (fault instanceof FormatError) throw new FormatError(`error converting YAML to JSON: ${fault.message}`);
    throw fault;
  }
}

function jsonWords(fault: FormatError): string {
  return fault.atEnd ? "unexpected EOF" : `json: offset ${fault.offset}: ${fault.message}`;
}

/** The objects of a file given with `-f`, in order; lists are not yet taken apart. Throws like `readDocuments`. */
export function* readManifests(text: string, source: string): Generator<JsonObject> {
  for (const value of readDocuments(text, source)) {
    const problem = manifestProblem(value);
    if (problem !== undefined) throw new FormatError(`unable to decode ${JSON.stringify(source)}: ${problem}`);
    yield value as JsonObject;
  }
}

/** The items of a list, each with the kind that a `PodList` implies; any object with `items` is one. */
export function itemsOf(object: JsonObject): readonly JsonObject[] | undefined {
  if (object.items === undefined) return undefined;
  const items = (object.items ?? []) as readonly JsonObject[];
  const kind = String(object.kind).endsWith("List") ? String(object.kind).slice(0, -"List".length) : "";
  if (kind === "") return items;
  return items.map((item) =>
    item.kind === undefined && item.apiVersion === undefined ? { apiVersion: object.apiVersion, kind, ...item } : item,
  );
}
