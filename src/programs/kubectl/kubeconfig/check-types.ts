import { FormatError } from "../../../base/format-error.ts";
import type { Json, JsonObject } from "../../../base/json.ts";
import { isList, isObject } from "../../../base/json-object.ts";
import { byteFields, type Section, sections } from "./define.ts";

const named: Readonly<Record<Section, string>> = {
  clusters: "NamedCluster",
  contexts: "NamedContext",
  users: "NamedAuthInfo",
};
const typed: Readonly<Record<Section, string>> = { clusters: "Cluster", contexts: "Context", users: "AuthInfo" };

const goTypes: Readonly<Record<string, string>> = {
  "insecure-skip-tls-verify": "bool",
  "disable-compression": "bool",
  "as-groups": "[]string",
  "as-user-extra": "map[string][]string",
  exec: "v1.ExecConfig",
  "auth-provider": "v1.AuthProviderConfig",
  extensions: "[]v1.NamedExtension",
};

/** Throws FormatError, in encoding/json's words, for the first thing in a kubeconfig that has another type than it should. */
export function checkTypes(config: JsonObject): void {
  expect(config["current-context"], "string", "Config.current-context");
  expect(config.preferences, "v1.Preferences", "Config.preferences");
  for (const section of ["clusters", "users", "contexts"] as const) {
    const list = config[section];
    expect(list, `[]v1.${named[section]}`, `Config.${section}`);
    for (const item of isList(list) ? list : []) checkItem(item, section);
  }
}

function checkItem(item: Json, section: Section): void {
  expect(item, `v1.${named[section]}`, `Config.${section}`);
  if (!isObject(item)) return;
  const { inner, fields } = sections[section];
  expect(item.name, "string", `${named[section]}.${section}.name`);
  const entry = item[inner];
  expect(entry, `v1.${typed[section]}`, `${named[section]}.${section}.${inner}`);
  if (!isObject(entry)) return;
  for (const name of fields) {
    const type = byteFields.includes(name) ? "[]uint8" : (goTypes[name] ?? "string");
    expect(entry[name], type, `${typed[section]}.${section}.${inner}.${name}`);
  }
}

function expect(value: Json | undefined, type: string, field: string): void {
  if (value === undefined || value === null) return;
  const fits = type.startsWith("[]")
    ? type === "[]uint8"
      ? typeof value === "string"
      : isList(value)
    : type === "string"
      ? typeof value === "string"
      : type === "bool"
        ? typeof value === "boolean"
        : isObject(value);
  if (fits) return;
  const what = isList(value)
    ? "array"
    : isObject(value)
      ? "object"
      : typeof value === "boolean"
        ? "bool"
        : typeof value;
  throw new FormatError(
    `json: cannot unmarshal ${what === "bigint" ? "number" : what} into Go struct field ${field} of type ${type}`,
  );
}
