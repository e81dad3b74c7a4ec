import { FormatError } from "../format-error.ts";
import { type Json, type JsonObject, toJson } from "../json.ts";
import { readJson } from "../json-reader.ts";
import { headProblem, manifestProblem } from "./manifest-problem.ts";
import { parseYaml } from "./parse-yaml.ts";
import { splitDocuments } from "./split-documents.ts";

/** One document of a file given with `-f`: an object, or what kubectl says of it (without the leading `error: `). */
export type Manifest =
  | { readonly object: JsonObject; readonly fault?: undefined }
  | { readonly fault: string; readonly object?: undefined };

interface Read {
  readonly value: Json;
  /** As it stood there, if it was JSON. */
  readonly json?: string;
}

/**
 * The documents of a file given with `-f`, in order; empty ones are left out, lists are not yet taken apart. A document
 * that is no object is a fault, and the next ones are read; one that cannot be parsed is a fault and the end. kubectl
 * works off the good ones, prints a single fault after `error: ` and several each on a line as they are. Where they are
 * validated, one without apiVersion or kind is the end, too.
 */
export function* readManifests(text: string, source: string, validated = false): Generator<Manifest> {
  try {
    for (const { value, json } of readDocuments(text)) {
      const wrong = validated ? headProblem(value) : undefined;
      if (wrong !== undefined) {
        yield { fault: `error validating ${JSON.stringify(source)}: error validating data: ${wrong}; ${turnOff}` };
        return;
      }
      const problem = manifestProblem(value, json ?? (() => toJson(value, { sortKeys: true })));
      if (problem === undefined) yield { object: value as JsonObject };
      else yield { fault: `unable to decode ${JSON.stringify(source)}: ${problem}` };
    }
  } catch (fault) {
    if (!(fault instanceof FormatError)) throw fault;
    yield { fault: `error parsing ${source}: ${fault.message}` };
  }
}

const turnOff = "if you choose to ignore these errors, turn validation off with --validate=false";

/** Bytes that are no UTF-8, and halves of surrogate pairs. */
const stray = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** JSON values while they come, if the text begins with a brace; YAML documents from the first that is no JSON on. */
function* readDocuments(file: string): Generator<Read> {
  const text = file.replace(/^\ufeff/, "").replace(stray, "\ufffd");
  let at = 0;
  let fault: FormatError | undefined;
  if (/^\s*\{/.test(text)) {
    while (fault === undefined) {
      const start = at + text.slice(at).search(/\S/);
      if (start < at) return;
      const json = tryJson(text, start);
      if (json instanceof FormatError) fault = json;
      else {
        yield { value: json.value, json: text.slice(start, json.end) };
        at = json.end;
      }
    }
  }
  yield* readYaml(at === 0 ? text : text.slice(at), fault);
}

function tryJson(text: string, start: number): { value: Json; end: number } | FormatError {
  try {
    return readJson(text, start);
  } catch (fault) {
    if (fault instanceof FormatError) return fault;
    throw fault;
  }
}

/** `instead` is what JSON's parser said of the first document; it is told if YAML's cannot read it either. */
function* readYaml(text: string, instead: FormatError | undefined): Generator<Read> {
  let first = true;
  try {
    for (const document of splitDocuments(text)) {
      const value = asJson(document);
      first = false;
      if (value !== null) yield { value };
    }
  } catch (fault) {
    if (!(fault instanceof FormatError) || !first || !instead) throw fault;
    throw new FormatError(instead.atEnd ? "unexpected EOF" : `json: offset ${instead.offset}: ${instead.message}`);
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
