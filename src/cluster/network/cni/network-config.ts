import { FormatError } from "../../../base/format-error.ts";
import type { Json, JsonObject } from "../../../base/json.ts";
import { isObject } from "../../../base/json-object.ts";
import { readJson } from "../../../base/json-reader.ts";
import { type Files, root } from "../../../machine/define-files.ts";
import { CNI_CONFIG_FOLDER } from "./define.ts";

/** The configuration of a host's pod network: what its plugins are, in their order. */
export interface NetworkConfig {
  readonly plugins: readonly { readonly type: string; readonly config: JsonObject }[];
}

type Read = NetworkConfig | { readonly fault: string };

const known = new Map<string, Read>();

/**
 * What the container runtime loads: the first file by name of /etc/cni/net.d, and no other where that one cannot be read
 * (containerd/go-cni loadFromConfDir, 1.1). A fault is told in containerd's words.
 */
export function networkConfig(files: Files): Read {
  const names = files.find(CNI_CONFIG_FOLDER, root) ? files.list(CNI_CONFIG_FOLDER, root) : [];
  const name = names.find((one) => /\.(conf|conflist|json)$/.test(one));
  if (name === undefined)
    return { fault: loadFault(`no network config found in ${CNI_CONFIG_FOLDER}: cni plugin not initialized`) };
  const path = `${CNI_CONFIG_FOLDER}/${name}`;
  const text = files.find(path, root)?.kind === "file" ? files.read(path, root) : "";
  const key = `${name}\n${text}`;
  let read = known.get(key);
  if (!read) {
    if (known.size > 50) known.clear();
    read = readConfig(path, text);
    known.set(key, read);
  }
  return read;
}

function loadFault(why: string): string {
  return `cni config load failed: ${why}: failed to load cni config`;
}

function readConfig(path: string, text: string): Read {
  const isList = path.endsWith(".conflist");
  try {
    const value = readJson(text, 0, true).value;
    if (isList) return { plugins: listOf(value) };
    return { plugins: [pluginOf(value)] };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const list = isList ? " list" : "";
    const fault = `error parsing configuration${list}: ${error.message}`;
    return { fault: loadFault(`failed to load CNI config${list} file ${path}: ${fault}: invalid cni config`) };
  }
}

/** libcni ConfListFromBytes (1.3). */
function listOf(value: Json): NetworkConfig["plugins"] {
  if (!isObject(value))
    throw new FormatError(`json: cannot unmarshal ${goKind(value)} into Go value of type map[string]interface {}`);
  const { name, plugins } = value;
  if (name === undefined) throw new FormatError("no name");
  if (typeof name !== "string") throw new FormatError(`invalid name type ${goKind(name)}`);
  if (plugins === undefined) throw new FormatError("no 'plugins' key");
  if (!Array.isArray(plugins)) throw new FormatError(`invalid 'plugins' type ${goKind(plugins)}`);
  if (plugins.length === 0) throw new FormatError("no plugins in list");
  return (plugins as readonly Json[]).map((one, index) => {
    try {
      return pluginOf(one);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      throw new FormatError(`failed to parse plugin config ${index}: error parsing configuration: ${error.message}`);
    }
  });
}

function pluginOf(value: Json): NetworkConfig["plugins"][number] {
  if (!isObject(value))
    throw new FormatError(`json: cannot unmarshal ${goKind(value)} into Go value of type types.PluginConf`);
  const { type } = value;
  if (typeof type !== "string" || type === "") throw new FormatError("missing 'type'");
  return { type, config: value };
}

function goKind(value: Json): string {
  if (Array.isArray(value)) return "array";
  if (isObject(value)) return "object";
  return typeof value === "boolean" ? "bool" : typeof value === "string" ? "string" : "number";
}
