import { FormatError } from "../../../base/format-error.ts";
import type { Json, JsonObject } from "../../../base/json.ts";
import { isList, isObject } from "../../../base/json-object.ts";
import { parseYaml } from "../../../base/yaml-in/parse-yaml.ts";
import { checkTypes } from "./check-types.ts";
import { byteFields, type Config, type Entry, emptyConfig, type Section, sections } from "./define.ts";

/** Texts that were read before: the same kubeconfig is read by every command. */
const known = new Map<string, JsonObject | FormatError>();
const KNOWN_LIMIT = 64;

/** Reads the text of a kubeconfig file; FormatError in clientcmd's words. Paths in it stay as they are. */
export function readConfig(text: string, origin: string): Config {
  let parsed = known.get(text);
  if (!parsed) {
    parsed = parse(text);
    if (known.size >= KNOWN_LIMIT) known.clear();
    known.set(text, parsed);
  }
  if (parsed instanceof FormatError) throw parsed;
  const config = emptyConfig();
  const current = parsed["current-context"];
  config.currentContext = typeof current === "string" ? current : "";
  if (isObject(parsed.preferences)) config.preferences = parsed.preferences;
  for (const { section, name, fields } of entriesOf(parsed)) config[section].set(name, { fields, origin });
  return config;
}

function parse(text: string): JsonObject | FormatError {
  try {
    const value = parseYaml(text);
    if (value === null) return {};
    if (!isObject(value)) {
      const what = isList(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;
      return new FormatError(
        `couldn't get version/kind; json parse error: json: cannot unmarshal ${what} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
      );
    }
    checkKind(value);
    checkTypes(value);
    return value;
  } catch (problem) {
    if (problem instanceof FormatError) return problem;
    throw problem;
  }
}

/** A file without kind and apiVersion counts as v1 Config. */
function checkKind({ kind, apiVersion }: JsonObject): void {
  const version = (apiVersion as string | undefined) || "v1";
  if ((kind || "Config") === "Config" && version === "v1") return;
  const scheme = 'in scheme "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50"';
  throw new FormatError(
    version === "v1"
      ? `no kind "${kind}" is registered for version "${version}" ${scheme}`
      : `no kind "${kind || "Config"}" is registered for version "${version}" ${scheme}`,
  );
}

interface NamedFields {
  readonly section: Section;
  readonly name: string;
  readonly fields: JsonObject;
}

/** The entries of kubeconfigs that were read before. */
const knownEntries = new WeakMap<JsonObject, readonly NamedFields[]>();

function entriesOf(parsed: JsonObject): readonly NamedFields[] {
  let entries = knownEntries.get(parsed);
  if (!entries) {
    entries = (["clusters", "contexts", "users"] as const).flatMap((section) => entriesIn(parsed, section));
    knownEntries.set(parsed, entries);
  }
  return entries;
}

function entriesIn(parsed: JsonObject, section: Section): readonly NamedFields[] {
  const list = parsed[section];
  const { inner, fields } = sections[section];
  return (isList(list) ? list : []).filter(isObject).map((item) => {
    const name = typeof item.name === "string" ? item.name : "";
    const value = item[inner];
    return { section, name, fields: pickKnown(isObject(value) ? value : {}, fields) };
  });
}

/** Only what clientcmd knows is kept; bytes must be base64. */
function pickKnown(value: JsonObject, fields: readonly string[]): JsonObject {
  const picked: Record<string, Json> = {};
  for (const field of fields) {
    const found = value[field];
    if (found === undefined || found === null || found === "" || found === false) continue;
    if (byteFields.includes(field)) checkBase64(String(found));
    picked[field] = found;
  }
  return picked;
}

function checkBase64(text: string): void {
  const wrong = /[^A-Za-z0-9+/=\r\n]/.exec(text);
  const clean = text.replace(/[\r\n]/g, "");
  if (wrong) throw new FormatError(`illegal base64 data at input byte ${wrong.index}`);
  const padding = clean.indexOf("=");
  const body = padding < 0 ? clean : clean.slice(0, padding);
  if (clean.length % 4 !== 0 || !/^={0,2}$/.test(clean.slice(body.length)))
    throw new FormatError(
      `illegal base64 data at input byte ${padding < 0 ? clean.length - (clean.length % 4) : padding}`,
    );
}

/** What several files say together: of each entry and of the current context, the first that says it. */
export function mergeConfigs(configs: readonly Config[]): Config {
  const merged = emptyConfig();
  for (const config of configs) {
    merged.currentContext ||= config.currentContext;
    merged.preferences = { ...config.preferences, ...merged.preferences };
    for (const section of ["clusters", "contexts", "users"] as const)
      for (const [name, entry] of config[section])
        if (!merged[section].has(name)) (merged[section] as Map<string, Entry>).set(name, entry);
  }
  return merged;
}
