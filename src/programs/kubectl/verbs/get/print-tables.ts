import { FormatError } from "../../../../base/format-error.ts";
import type { Json, JsonObject } from "../../../../base/json.ts";
import { sortByPath } from "../../../../base/sort-by.ts";
import type { Task } from "../../../../machine/define.ts";
import { tableAccept } from "../../client.ts";
import type { Context } from "../../context.ts";
import { PlainFault, untitled } from "../../faults.ts";
import { findObjects } from "../../find-objects.ts";
import { logLine } from "../../log-line.ts";
import { asTable } from "../../printers/as-table.ts";
import { TableLines, TableText } from "../../printers/table.ts";
import { kindName } from "../../resource.ts";
import type { Found, Selection } from "../../selection.ts";
import type { GetInput } from "./index.ts";

/** Which objects `get` is asked for. */
export function selectionOf({ flags, args }: GetInput): Selection {
  return {
    args,
    filenames: flags.filename,
    recursive: flags.recursive,
    kustomize: flags.kustomize,
    labelSelector: flags.selector,
    fieldSelector: flags["field-selector"],
    allNamespaces: flags["all-namespaces"],
    subresource: flags.subresource,
    limit: flags["chunk-size"],
    typeMeansAll: true,
    latest: true,
  };
}

/** Prints the server's tables, one for each kind. */
export function* printTables(context: Context, input: GetInput): Task {
  const { flags } = input;
  const sorting = flags["sort-by"] !== "";
  const finding = yield* findObjects(context, {
    ...selectionOf(input),
    whole: true,
    accept: flags["server-print"] ? tableAccept : "application/json",
    ...(sorting ? { query: { includeObject: "Object" }, limit: 0 } : {}),
  });
  const text = new TableText((part) => context.out.write(part));
  const tables = sorting ? sortedTables(context, finding.found, flags["sort-by"]) : finding.found;
  printEach(context, input, tables, text);
  if (finding.failure) throw untitled(finding.failure);
  if (!text.written && !flags["ignore-not-found"]) context.err.line(nothingFound(context, input, finding.found));
}

function printEach(context: Context, { flags }: GetInput, tables: readonly Found[], text: TableText): void {
  const kinds = new Set(tables.map(({ resource }) => kindName(resource) + resource.version));
  const withKind = flags["show-kind"] || kinds.size > 1;
  let lines: TableLines | undefined;
  let last: Found | undefined;
  for (const one of tables) {
    const { resource } = one;
    if (!lines || last?.resource !== resource) {
      text.startNext(last !== undefined && !flags["no-headers"]);
      lines = new TableLines({
        wide: flags.output === "wide",
        noHeaders: flags["no-headers"],
        showLabels: flags["show-labels"],
        labelColumns: flags["label-columns"],
        withNamespace: flags["all-namespaces"] && resource.namespaced,
        kind: withKind ? kindName(resource) : undefined,
      });
      last = one;
    }
    text.add(lines.linesOf(asTable(one.object, context.now)));
  }
  text.flush();
}

/** The tables with their rows in order. Several are first put in order themselves, by the same field (kubectl 1.33). */
function sortedTables(context: Context, found: readonly Found[], path: string): readonly Found[] {
  const ordered = found.length > 1 ? sortByPath(found, path, ({ object }) => object) : found;
  return ordered.flatMap((one) => {
    const table = asTable(one.object, context.now);
    const rows = (table.rows ?? []) as readonly JsonObject[];
    const sorted = rows.length > 1 ? sortedRows(context, rows, path) : rows;
    return [{ ...one, object: { ...table, rows: sorted } }];
  });
}

/** A field that cannot be found is no fault here: kubectl then prints no rows at all (1.33). */
function sortedRows(context: Context, rows: readonly JsonObject[], path: string): readonly JsonObject[] {
  try {
    return sortByPath(rows, path, (row) => (row.object ?? null) as Json);
  } catch (fault) {
    if (!(fault instanceof FormatError)) throw fault;
    if (!fault.message.startsWith("Field ")) return [];
    const said = fault.message.replace("*unstructured.Unstructured", "[][][]reflect.Value");
    throw new PlainFault(logLine(context.proc, "F", "sorter.go:375", said));
  }
}

function nothingFound(context: Context, { flags }: GetInput, found: readonly Found[]): string {
  const namespaced = !flags["all-namespaces"] && found.every(({ resource }) => resource.namespaced);
  return namespaced ? `No resources found in ${context.namespace} namespace.` : "No resources found";
}
