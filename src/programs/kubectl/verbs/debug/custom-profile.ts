import { FormatError } from "../../../../base/format-error.ts";
import type { Json, JsonObject } from "../../../../base/json.ts";
import { isObject } from "../../../../base/json-object.ts";
import { parseYaml } from "../../../../base/yaml-in/parse-yaml.ts";
import type { Context } from "../../context.ts";
import { CommandFault } from "../../faults.ts";

const fixed = ["name", "image"];
const fixedLists = ["command", "volumeDevices"];

/** The container of --custom (debug.go Complete and Validate, 1.33). */
export function customProfile(context: Context, path: string): JsonObject | undefined {
  if (path === "") return undefined;
  const custom = read(context, path);
  const sets = (value: Json | undefined) => value !== undefined && value !== null && value !== "";
  if (
    fixed.some((field) => sets(custom[field])) ||
    fixedLists.some((field) => ((custom[field] ?? []) as readonly Json[]).length > 0) ||
    sets(custom.lifecycle)
  )
    throw new CommandFault("name, command, image, lifecycle and volume devices are not modifiable via custom profile");
  return custom;
}

function read(context: Context, path: string): JsonObject {
  let text: string;
  try {
    text = context.readFile(path);
  } catch (fault) {
    if (!(fault instanceof CommandFault)) throw fault;
    throw new CommandFault(`must pass a container spec json file for custom profile: ${fault.message}`);
  }
  let value: Json;
  try {
    value = parseYaml(text);
  } catch (problem) {
    if (!(problem instanceof FormatError)) throw problem;
    throw new CommandFault(`${path} does not contain a valid container spec: ${problem.message}`);
  }
  if (isObject(value)) return value;
  const found = Array.isArray(value) ? "array" : typeof value;
  const why = `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${found} into Go value of type v1.Container`;
  throw new CommandFault(`${path} does not contain a valid container spec: ${why}`);
}
