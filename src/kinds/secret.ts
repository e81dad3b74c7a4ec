import { ageColumn, column, count, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import type { Secret } from "./types/core.ts";

/** Settings that are shown to few. */
export const secret: Kind<Secret> = {
  kind: "Secret",
  plural: "secrets",
  group: "",
  version: "v1",
  namespaced: true,
  selectable: (object) => ({ type: object.type ?? "" }),
  columns: [
    nameColumn,
    column("Type", (object) => object.type ?? ""),
    { ...count("Data", (object: Secret) => Object.keys(object.data ?? {}).length), type: "string" },
    ageColumn,
  ],
};
