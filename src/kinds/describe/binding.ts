import type { Describing } from "../define.ts";
import type { RoleBinding } from "../types/core.ts";
import { writeLabelsAndAnnotations } from "./labels.ts";
import { Writer } from "./writer.ts";

/** Who has a role, in a namespace or in the cluster. It has no events. */
export function* describeBinding(object: RoleBinding): Describing {
  const w = new Writer();
  w.field(0, "Name", object.metadata.name);
  writeLabelsAndAnnotations(w, object.metadata);
  w.line(0, "Role:");
  w.field(1, "Kind", object.roleRef.kind);
  w.field(1, "Name", object.roleRef.name);
  w.line(0, "Subjects:");
  w.line(1, "Kind\tName\tNamespace");
  w.line(1, "----\t----\t---------");
  for (const { kind, name, namespace = "" } of object.subjects ?? []) w.line(1, `${kind}\t${name}\t${namespace}`);
  return w.text();
}
