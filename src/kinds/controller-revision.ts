import { ageColumn, column, count, nameColumn } from "./cells.ts";
import type { Kind } from "./define.ts";
import { controllerOf } from "./labels.ts";
import type { ControllerRevision } from "./types/workload.ts";

/** An old template of a DaemonSet or StatefulSet. */
export const controllerRevision: Kind<ControllerRevision> = {
  kind: "ControllerRevision",
  plural: "controllerrevisions",
  group: "apps",
  version: "v1",
  namespaced: true,
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
