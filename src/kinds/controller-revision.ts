import { ageColumn, column, count, nameColumn } from "./cells.ts";
import type { Kind, Problem } from "./define.ts";
import { equal } from "./equal.ts";
import { controllerOf } from "./labels.ts";
import { immutable, required, wrong } from "./problem.ts";
import type { ControllerRevision } from "./types/workload.ts";
import { notNegative } from "./validation/words.ts";

/** An old template of a DaemonSet or StatefulSet. */
export const controllerRevision: Kind<ControllerRevision> = {
  kind: "ControllerRevision",
  plural: "controllerrevisions",
  group: "apps",
  version: "v1",
  namespaced: true,
  problems(object) {
    const problems: Problem[] = [];
    if (object.data === undefined || object.data === null) problems.push(required("data", "data is mandatory"));
    if ((object.revision ?? 0) < 0) problems.push(wrong("revision", object.revision, notNegative));
    return problems;
  },
  problemsOfUpdate: (object, old) => (equal(object.data, old.data) ? [] : [immutable("data", object.data)]),
  columns: [
    nameColumn,
    column("Controller", controllerText),
    { ...count("Revision", (object: ControllerRevision) => object.revision), type: "string" },
    ageColumn,
  ],
};

function controllerText(object: ControllerRevision): string {
  const owner = controllerOf(object);
  if (!owner) return "<none>";
  const slash = owner.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : `.${owner.apiVersion.slice(0, slash)}`;
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}
