import { FormatError } from "./format-error.ts";
import { goValue } from "./go-text.ts";
import type { Json } from "./json.ts";
import { evaluateJsonPath } from "./jsonpath/evaluate-jsonpath.ts";
import { type JsonPath, JsonPathError, jsonOf } from "./jsonpath/jsonpath-node.ts";
import { parseJsonPath } from "./jsonpath/parse-jsonpath.ts";
import { relaxedJsonPath } from "./jsonpath/relaxed-jsonpath.ts";
import { tableStyle, tabText } from "./tab-text.ts";

/** One column of `-o custom-columns`: its header and the JSONPath of its cells. */
export interface CustomColumn {
  readonly header: string;
  readonly path: string;
}

/** Reads `NAME:.metadata.name,IMAGE:.spec.image`; a FormatError in kubectl's words. */
export function parseCustomColumns(spec: string): readonly CustomColumn[] {
  if (spec === "") throw new FormatError("custom-columns format specified but no custom columns given");
  return spec.split(",").map((part) => {
    const colon = part.indexOf(":");
    if (colon < 0) {
      throw new FormatError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`);
    }
    return { header: part.slice(0, colon), path: relaxed(part.slice(colon + 1)) };
  });
}

/** Reads the file of `-o custom-columns-file`: a line of headers, a line of paths. */
export function parseCustomColumnsFile(text: string): readonly CustomColumn[] {
  const lines = text.split("\n");
  const missing = (what: string) =>
    new FormatError(
      `invalid template, missing ${what} line. Expected format is one line of space separated headers, ` +
        "one line of space separated column specs.",
    );
  if (text === "") throw missing("header");
  if (lines.length < 2 || (lines.length === 2 && lines[1] === "")) throw missing("spec");
  const headers = fieldsOf(lines[0] ?? "");
  const paths = fieldsOf(lines[1] ?? "");
  if (headers.length !== paths.length) {
    throw new FormatError(
      `number of headers (${headers.length}) and field specifications (${paths.length}) don't match`,
    );
  }
  return headers.map((header, i) => ({ header, path: relaxed(paths[i] ?? "") }));
}

function fieldsOf(line: string): string[] {
  return line.split(/\s+/).filter((field) => field !== "");
}

function relaxed(path: string): string {
  try {
    return relaxedJsonPath(path);
  } catch (problem) {
    throw problem instanceof JsonPathError ? new FormatError(problem.message) : problem;
  }
}

/** What kubectl prints, and the error with which it stopped, if any. */
export interface PrintedColumns {
  readonly text: string;
  readonly error?: string;
}

/** Prints objects in custom columns. An error ends the table where it stands; what stands there is printed all the same. */
export function printCustomColumns(
  columns: readonly CustomColumn[],
  objects: readonly Json[],
  options: { readonly noHeaders?: boolean } = {},
): PrintedColumns {
  const lines = options.noHeaders ? [] : [`${columns.map((column) => column.header).join("\t")}\n`];
  try {
    const paths = columns.map((column) => parseJsonPath(column.path));
    for (const object of objects) lines.push(`${paths.map((path) => cellOf(path, object)).join("\t")}\n`);
  } catch (problem) {
    if (!(problem instanceof JsonPathError)) throw problem;
    return { text: tabText(lines.join(""), tableStyle), error: problem.message };
  }
  return { text: tabText(lines.join(""), tableStyle) };
}

function cellOf(path: JsonPath, object: Json): string {
  const results = evaluateJsonPath(path, object);
  if (!results[0]?.length) return "<none>";
  return results
    .flat()
    .map((found) => goValue(jsonOf(found)).replaceAll("\x1b", "^[").replaceAll("\r", "\\r"))
    .join(",");
}
