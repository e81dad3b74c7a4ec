import { controllerOf } from "../../kinds/labels.ts";
import type { KubeObject } from "../../kinds/types/meta.ts";
import type { Change } from "../apiserver/define.ts";

const none: ReadonlyMap<string, KubeObject> = new Map();

/** The objects of a resource that nobody controls, by namespace: those a controller may adopt. */
export class Orphans<T extends KubeObject> {
  private readonly namespaces = new Map<string, Map<string, T>>();

  /** Keeps account of a change; tells whether the object is an orphan now and was not, or not with these labels. */
  note(object: T, old: KubeObject | undefined, type: Change["type"]): boolean {
    if (old && type !== "DELETED") {
      const { ownerReferences, labels } = object.metadata;
      if (ownerReferences === old.metadata.ownerReferences && ownerReferences && controllerOf(object)) return false;
      if (ownerReferences === old.metadata.ownerReferences && labels === old.metadata.labels) {
        this.in(object)?.set(object.metadata.name, object);
        return false;
      }
    }
    const { name, namespace = "" } = object.metadata;
    if (type === "DELETED" || controllerOf(object)) {
      const home = this.namespaces.get(namespace);
      home?.delete(name);
      if (home?.size === 0) this.namespaces.delete(namespace);
      return false;
    }
    const home = this.namespaces.get(namespace);
    if (home) home.set(name, object);
    else this.namespaces.set(namespace, new Map([[name, object]]));
    return true;
  }

  of(namespace: string | undefined): Iterable<T> {
    return (this.namespaces.get(namespace ?? "") ?? (none as ReadonlyMap<string, T>)).values();
  }

  private in(object: T): Map<string, T> | undefined {
    return this.namespaces.get(object.metadata.namespace ?? "");
  }
}
