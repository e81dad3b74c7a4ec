import { byteLength } from "../base/text-bytes.ts";
import { ageColumn, count, nameColumn } from "./cells.ts";
import { describeConfigMap } from "./config-map/describe.ts";
import type { Kind, Problem } from "./define.ts";
import { tooLong, wrong } from "./problem.ts";
import type { ConfigMap } from "./types/core.ts";
import { base64Length, changesOfImmutable, checkKeys, dataLimit } from "./validation/data.ts";

/** Settings that pods read as variables or files. */
export const configMap: Kind<ConfigMap> = {
  kind: "ConfigMap",
  plural: "configmaps",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["cm"],
  problems: problemsOf,
  problemsOfUpdate: (object, old) => (old.immutable ? changesOfImmutable(object, old, ["data", "binaryData"]) : []),
  columns: [
    nameColumn,
    { ...count("Data", (object: ConfigMap) => keysOf(object.data) + keysOf(object.binaryData)), type: "string" },
    ageColumn,
  ],
  describe: describeConfigMap,
};

/** Keys, and the size of all values together (core validation ValidateConfigMap, 1.35). */
function problemsOf(object: ConfigMap): readonly Problem[] {
  const problems: Problem[] = [];
  const { data, binaryData } = object;
  checkKeys(data, "data", problems);
  for (const key in data)
    if (binaryData && key in binaryData)
      problems.push(wrong(`data[${key}]`, key, "duplicate of key present in binaryData"));
  checkKeys(binaryData, "binaryData", problems);
  let size = 0;
  for (const key in data) size += byteLength(data[key] ?? "");
  for (const key in binaryData) size += base64Length(binaryData[key] ?? "");
  if (size > dataLimit) problems.push(tooLong("", dataLimit));
  return problems;
}

function keysOf(map: object | undefined): number {
  return map ? Object.keys(map).length : 0;
}
