import { FormatError } from "../../base/format-error.ts";
import type { Json, JsonObject } from "../../base/json.ts";
import { isObject } from "../../base/json-object.ts";
import { applyJsonPatch } from "../../base/patch/json-patch.ts";
import { applyMergePatch } from "../../base/patch/merge-patch.ts";
import { applyStrategicMerge } from "../../base/patch/strategic-merge.ts";
import { parseYaml } from "../../base/yaml-in/parse-yaml.ts";
import { mergeSchemaOf } from "../../schema/merge-schema.ts";
import { CommandFault } from "./faults.ts";
import { goTypeOf } from "./typed-object.ts";

/** A generated object with what --overrides says of it, in the way --override-type says. */
export function overridden(
  object: JsonObject,
  { overrides, "override-type": type }: { readonly overrides: string; readonly "override-type": string },
): JsonObject {
  if (!["json", "merge", "strategic"].includes(type)) throw new CommandFault(`invalid override type: ${type}`);
  if (overrides === "") return object;
  const patch = read(overrides);
  if (type === "merge") return applyMergePatch(object, patch);
  if (type === "json") {
    const patched = applyJsonPatch(object, patch);
    return isObject(patched) ? patched : object;
  }
  const known = goTypeOf(object);
  return known ? applyStrategicMerge(object, patch, mergeSchemaOf(known)) : object;
}

function read(text: string): Json {
  try {
    return parseYaml(text);
  } catch (problem) {
    if (problem instanceof FormatError) throw new CommandFault(problem.message);
    throw problem;
  }
}
