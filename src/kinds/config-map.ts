import { ageColumn, count, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import type { ConfigMap } from "./types/core.ts";

/** Settings that pods read as variables or files. */
export const configMap: Kind<ConfigMap> = {
  kind: "ConfigMap",
  plural: "configmaps",
  group: "",
  version: "v1",
  namespaced: true,
  short: ["cm"],
  columns: [
    nameColumn,
    { ...count("Data", (object: ConfigMap) => keysOf(object.data) + keysOf(object.binaryData)), type: "string" },
    ageColumn,
  ],
};

function keysOf(map: object | undefined): number {
  return map ? Object.keys(map).length : 0;
}
