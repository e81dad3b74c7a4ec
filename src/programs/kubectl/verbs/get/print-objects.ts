import { FormatError } from "../../../../base/format-error.ts";
import type { JsonObject } from "../../../../base/json.ts";
import { isList } from "../../../../base/json-object.ts";
import { sortByPath } from "../../../../base/sort-by.ts";
import type { Task } from "../../../../machine/define.ts";
import type { Context } from "../../context.ts";
import { isOrdinary } from "../../fault-text.ts";
import { failuresOf, PlainFault } from "../../faults.ts";
import { findObjects } from "../../find-objects.ts";
import { printOptions } from "../../flag-groups.ts";
import { logLine } from "../../log-line.ts";
import { objectPrinter } from "../../printers/object-printer.ts";
import type { GetInput } from "./index.ts";
import { selectionOf } from "./print-tables.ts";

/** Prints the objects themselves: one alone as it is, several as a List. */
export function* printObjects(context: Context, input: GetInput): Task {
  const { flags } = input;
  const options = { ...printOptions(flags), noHeaders: flags["no-headers"] };
  const { found, failure, single } = yield* findObjects(context, selectionOf(input));
  if (failure && single) throw failure;
  const printer = objectPrinter(context, options, "get");
  const faults = failure ? [failure] : [];
  const ignored = found.length === 0 && flags["ignore-not-found"];
  try {
    const objects = found.map((one) => one.object);
    if (!ignored)
      printer.print(single && objects[0] ? alone(objects[0]) : listOf(sorted(context, objects, flags["sort-by"])));
  } catch (fault) {
    if (!isOrdinary(fault) || !failure) throw fault;
    faults.push(fault);
  }
  const all = failuresOf(faults);
  if (all) throw all;
}

function sorted(context: Context, objects: readonly JsonObject[], path: string): readonly JsonObject[] {
  if (path === "") return objects;
  try {
    return sortByPath(objects, path, (object) => object);
  } catch (fault) {
    if (!(fault instanceof FormatError) || !fault.message.startsWith("Field ")) throw fault;
    throw new PlainFault(logLine(context.proc, "E", "sorter.go:329", fault.message));
  }
}

/** A single object that is a list itself is printed as a List. */
function alone(object: JsonObject): JsonObject {
  return isList(object.items) && String(object.kind).endsWith("List")
    ? listOf(object.items as readonly JsonObject[])
    : object;
}

function listOf(items: readonly JsonObject[]): JsonObject {
  return { apiVersion: "v1", items, kind: "List", metadata: { resourceVersion: "" } };
}
