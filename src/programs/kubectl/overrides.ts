import { FormatError } from "../../base/format-error.ts";
import { type Json, type JsonObject, parseJson } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import { applyJsonPatch } from "../../base/patch/json-patch.ts";
import { applyMergePatch } from "../../base/patch/merge-patch.ts";
import { applyStrategicMerge } from "../../base/patch/strategic-merge.ts";
import { mergeSchemaOf } from "../../schema/merge-schema.ts";
import { CommandFault } from "./faults.ts";
import { goTypeOf } from "./typed-object.ts";

/** A generated object with what --overrides says of it, in the way --override-type says. */
export function overridden(
  object: JsonObject,
  { overrides, "override-type": type }: { readonly overrides: string; readonly "override-type": string },
): JsonObject {
  if (overrides === "") return object;
  if (!["json", "merge", "strategic"].includes(type)) throw new CommandFault(`invalid override type: ${type}`);
  const patch = read(overrides, type);
  if (type === "merge") return applyMergePatch(object, patch);
  if (type === "json") {
    const patched = applyJsonPatch(object, patch);
    return isObject(patched) ? patched : object;
  }
  const known = goTypeOf(object);
  return known ? applyStrategicMerge(object, patch, mergeSchemaOf(known)) : object;
}

/** Overrides are JSON alone, without YAML's ways (generate/overrides of cmdutil, 1.33). */
function read(text: string, type: string): Json {
  try {
    return parseJson(text);
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    throw new CommandFault(
      type === "merge" ? "Invalid JSON Patch" : type === "strategic" ? "invalid JSON document" : problem.message,
    );
  }
}
