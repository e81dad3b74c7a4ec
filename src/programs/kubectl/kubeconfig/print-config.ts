import { compareText, type Json, type JsonObject } from "../../../base/json.ts";
import { alwaysShown, type Config, type Section, sections } from "./define.ts";

/** A kubeconfig as the object that is printed and written: lists sorted by name, null where a list is empty. */
export function configObject(config: Config): JsonObject {
  return {
    kind: "Config",
    apiVersion: "v1",
    preferences: config.preferences,
    clusters: listOf(config, "clusters"),
    users: listOf(config, "users"),
    contexts: listOf(config, "contexts"),
    "current-context": config.currentContext,
  };
}

function listOf(config: Config, section: Section): Json {
  const names = [...config[section].keys()].sort(compareText);
  if (names.length === 0) return null;
  return names.map((name) => ({ name, [sections[section].inner]: shownFields(config, section, name) }));
}

function shownFields(config: Config, section: Section, name: string): JsonObject {
  const fields = config[section].get(name)?.fields ?? {};
  const shown: Record<string, Json> = {};
  for (const field of sections[section].fields) {
    const value = fields[field];
    if (value !== undefined) shown[field] = value;
    else if (alwaysShown[section].includes(field)) shown[field] = "";
  }
  return shown;
}
