import { parseCustomColumns, parseCustomColumnsFile, printCustomColumns } from "../../../base/custom-columns.ts";
import { goTemplate, printGoTemplate } from "../../../base/go-template/print-go-template.ts";
import { type Json, type JsonObject, toJson } from "../../../base/json.ts";
import { isList, isObject } from "../../../base/json-object.ts";
import { jsonPathTemplate, printJsonPath } from "../../../base/jsonpath/print-jsonpath.ts";
import { toYaml } from "../../../base/yaml-out.ts";
import type { Context } from "../context.ts";
import { CommandFault } from "../faults.ts";

/** Prints objects in one of the formats of -o. One printer for all objects that belong together. */
export interface ObjectPrinter {
  /** A `typed` object keeps the order of its keys in JSON: it was made here, from Go's structs, not read from a server. */
  print(object: JsonObject, typed?: boolean): void;
}

export interface PrintOptions {
  /** The value of -o. */
  readonly output: string;
  /** --template */
  readonly template?: string | undefined;
  /** --allow-missing-template-keys; true where nothing is said. */
  readonly allowMissingKeys?: boolean | undefined;
  readonly showManagedFields?: boolean | undefined;
  readonly noHeaders?: boolean | undefined;
  /** What is said after a name that is printed by itself: "created". */
  readonly operation?: string;
}

/** Where a printer writes to, and reads its templates from. */
type PrintPlace = Pick<Context, "out" | "readFile">;

/** What -o may name. */
export type FormatSet = "object" | "get";

const objectFormats = [
  "go-template",
  "go-template-file",
  "json",
  "jsonpath",
  "jsonpath-as-json",
  "jsonpath-file",
  "name",
  "template",
  "templatefile",
  "yaml",
];
const getFormats = ["custom-columns", "custom-columns-file", ...objectFormats.slice(0, -1), "wide", "yaml"];

/** The values of -o, for completion and help. */
export function formatsOf(set: FormatSet): readonly string[] {
  return set === "get" ? getFormats : objectFormats;
}

/** The printer that -o asks for; a CommandFault in kubectl's words where there is none. */
export function objectPrinter(context: PrintPlace, options: PrintOptions, set: FormatSet = "object"): ObjectPrinter {
  const output = options.output === "" && options.template ? "go-template" : options.output;
  const equals = output.indexOf("=");
  const format = equals < 0 ? output : output.slice(0, equals);
  const argument = equals < 0 ? options.template || undefined : output.slice(equals + 1);
  const write = (text: string) => context.out.write(text);
  switch (equals < 0 ? output.toLowerCase() : "") {
    case "json":
      return jsonPrinter(write, options);
    case "yaml":
      return yamlPrinter(write, options);
    case "name":
      return { print: (object) => write(nameLines(object, "")) };
  }
  return (
    templatePrinter(context, format, argument, options) ??
    (set === "get" ? columnsPrinter(context, format, argument, options) : undefined) ??
    unknownFormat(options.output, set)
  );
}

function unknownFormat(output: string, set: FormatSet): never {
  const formats = formatsOf(set).join(",");
  throw new CommandFault(
    `unable to match a printer suitable for the output format ${JSON.stringify(output)}, allowed formats are: ${formats}`,
  );
}

function jsonPrinter(write: (text: string) => void, options: PrintOptions): ObjectPrinter {
  return {
    print: (object, typed) => write(`${toJson(shown(object, options), { indent: 4, sortKeys: !typed })}\n`),
  };
}

function yamlPrinter(write: (text: string) => void, options: PrintOptions): ObjectPrinter {
  let count = 0;
  return {
    print(object) {
      const text = toYaml(shown(object, options));
      write(count++ > 0 ? `---\n${text}` : text);
    },
  };
}

/** Without metadata.managedFields, unless they are wanted; of lists too. */
function shown(object: JsonObject, { showManagedFields }: PrintOptions): JsonObject {
  if (showManagedFields) return object;
  const items = object.items;
  const list = isList(items) ? items.map((item) => (isObject(item) ? withoutManagedFields(item) : item)) : undefined;
  const bare = withoutManagedFields(object);
  return list ? { ...bare, items: list } : bare;
}

function withoutManagedFields(object: JsonObject): JsonObject {
  const { metadata } = object;
  if (!isObject(metadata) || metadata.managedFields === undefined) return object;
  return { ...object, metadata: { ...metadata, managedFields: undefined } };
}

function templatePrinter(
  context: PrintPlace,
  format: string,
  argument: string | undefined,
  options: PrintOptions,
): ObjectPrinter | undefined {
  const allowMissingKeys = options.allowMissingKeys ?? true;
  const write = (text: string) => context.out.write(text);
  switch (format) {
    case "jsonpath":
    case "jsonpath-as-json":
    case "jsonpath-file": {
      const path = jsonPathTemplate(format === "jsonpath-file" ? fileText(context, argument) : (argument ?? ""));
      const how = { allowMissingKeys, asJson: format === "jsonpath-as-json" };
      return { print: (object) => write(printJsonPath(path, object, how)) };
    }
    case "go-template":
    case "template":
    case "go-template-file":
    case "templatefile": {
      const text = format.endsWith("file") ? fileText(context, argument) : (argument ?? "");
      const template = goTemplate(text);
      return {
        print: (object, typed = false) => write(printGoTemplate(template, object, { allowMissingKeys, typed })),
      };
    }
  }
  return undefined;
}

function fileText(context: PrintPlace, path: string | undefined): string {
  if (!path) throw new CommandFault("template format specified but no template given");
  try {
    return context.readFile(path);
  } catch (fault) {
    if (!(fault instanceof CommandFault)) throw fault;
    throw new CommandFault(`error reading --template ${path}, ${fault.message}`);
  }
}

function columnsPrinter(
  context: PrintPlace,
  format: string,
  argument: string | undefined,
  { noHeaders = false }: PrintOptions,
): ObjectPrinter | undefined {
  if (format !== "custom-columns" && format !== "custom-columns-file") return undefined;
  const spec = argument ?? "";
  if (spec === "") throw new CommandFault("custom-columns format specified but no custom columns given");
  const columns =
    format === "custom-columns" ? parseCustomColumns(spec) : parseCustomColumnsFile(columnsFile(context, spec));
  let headersShown = noHeaders;
  return {
    print(object) {
      const items = isList(object.items) ? (object.items as readonly Json[]) : [object];
      const { text, error } = printCustomColumns(columns, items, { noHeaders: headersShown });
      headersShown = true;
      context.out.write(text);
      if (error !== undefined) throw new CommandFault(error);
    },
  };
}

function columnsFile(context: PrintPlace, path: string): string {
  try {
    return context.readFile(path);
  } catch (fault) {
    if (!(fault instanceof CommandFault)) throw fault;
    throw new CommandFault(`error reading template ${path}, ${fault.message}`);
  }
}

/** pod/web; a line for each item of a list. */
export function nameLines(object: JsonObject, operation: string): string {
  if (isList(object.items))
    return object.items.map((item) => (isObject(item) ? nameLines(item, operation) : "")).join("");
  const { apiVersion, kind, metadata } = object;
  const group = String(apiVersion ?? "").includes("/") ? String(apiVersion).split("/")[0] : "";
  const name = isObject(metadata) && typeof metadata.name === "string" ? metadata.name : "";
  const shownKind = String(kind ?? "").toLowerCase();
  const qualified = shownKind === "" ? "" : `${group ? `${shownKind}.${group}` : shownKind}/`;
  return `${qualified}${name === "" ? "<unknown>" : name}${operation === "" ? "" : ` ${operation}`}\n`;
}
