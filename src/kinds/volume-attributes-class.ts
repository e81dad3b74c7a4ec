import { ageColumn, column, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { equal } from "./equal.ts";
import { forbidden, required, wrong } from "./problem.ts";
import type { VolumeAttributesClass } from "./types/storage.ts";
import { checkCsiDriverName } from "./validation/csi-driver-name.ts";
import { describeVolumeAttributesClass } from "./volume-attributes-class/describe.ts";

const defaultMark = "volumeattributesclass.alpha.kubernetes.io/is-default-class";

/** Properties of a volume that may be changed while it is used: a kind since 1.34. */
export const volumeAttributesClass: Kind<VolumeAttributesClass> = {
  kind: "VolumeAttributesClass",
  plural: "volumeattributesclasses",
  group: "storage.k8s.io",
  version: "v1",
  namespaced: false,
  short: ["vac"],
  problems(object) {
    const problems: Problem[] = [];
    checkCsiDriverName(object.driverName, "driverName", problems);
    const keys = Object.keys(object.parameters ?? {});
    if (keys.length === 0) problems.push(required("parameters", "must contain at least one key/value pair"));
    if (keys.includes("")) problems.push(wrong("parameters", "", "field can not be empty."));
    return problems;
  },
  problemsOfUpdate(object, old) {
    const problems: Problem[] = [];
    if (object.driverName !== old.driverName)
      problems.push(forbidden("driverName", "updates to driverName are forbidden."));
    if (!equal(object.parameters ?? {}, old.parameters ?? {}))
      problems.push(forbidden("parameters", "updates to parameters are forbidden."));
    return problems;
  },
  columns: [
    {
      ...nameColumn,
      cell: ({ metadata }) =>
        metadata.annotations?.[defaultMark] === "true" ? `${metadata.name} (default)` : metadata.name,
    },
    column("DriverName", (object) => object.driverName),
    ageColumn,
  ],
  describe: describeVolumeAttributesClass,
};
