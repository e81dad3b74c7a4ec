import type { ManagedFields } from "../../../kinds/types/meta.ts";
import { difference, type FieldSet, fromFieldsV1, isEmptySet, toFieldsV1 } from "./field-set.ts";

/** An entry of metadata.managedFields, with its paths as a set. */
export interface Manager {
  readonly name: string;
  readonly operation: "Apply" | "Update";
  readonly apiVersion: string;
  readonly subresource: string | undefined;
  readonly time: string | undefined;
  readonly set: FieldSet;
}

/** What nobody owns: what the server sets itself (managedfields/internal/stripmeta.go, 1.35). */
const stripped = fromFieldsV1({
  "f:apiVersion": {},
  "f:kind": {},
  "f:metadata": {
    ".": {},
    "f:name": {},
    "f:namespace": {},
    "f:creationTimestamp": {},
    "f:selfLink": {},
    "f:uid": {},
    "f:clusterName": {},
    "f:generation": {},
    "f:managedFields": {},
    "f:resourceVersion": {},
  },
});

/** A set without what nobody owns. */
export function owned(set: FieldSet): FieldSet {
  return difference(set, stripped);
}

export function readManagers(entries: readonly ManagedFields[] | undefined): Manager[] {
  return (entries ?? []).map(
    ({ manager = "", operation = "Update", apiVersion = "", subresource, time, fieldsV1 }) => ({
      name: manager,
      operation,
      apiVersion,
      subresource: subresource || undefined,
      time,
      set: fromFieldsV1(fieldsV1),
    }),
  );
}

/** The entries in the order in which a server writes them; who owns nothing is left out. */
export function writeManagers(managers: readonly Manager[]): ManagedFields[] {
  return managers
    .map((manager) => ({ ...manager, set: owned(manager.set) }))
    .filter(({ set }) => !isEmptySet(set))
    .sort(byOrder)
    .map(({ name, operation, apiVersion, subresource, time, set }) => ({
      manager: name,
      operation,
      apiVersion,
      ...(time === undefined ? {} : { time }),
      fieldsType: "FieldsV1" as const,
      fieldsV1: toFieldsV1(set) as Record<string, unknown>,
      ...(subresource === undefined ? {} : { subresource }),
    }));
}

function byOrder(a: Manager, b: Manager): number {
  return (
    order(a.operation, b.operation) ||
    order(a.time ?? "", b.time ?? "") ||
    order(a.name, b.name) ||
    order(a.apiVersion, b.apiVersion) ||
    order(a.subresource ?? "", b.subresource ?? "")
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether two entries are one manager's. Who applies is the same in every version. */
export function isSame(a: Omit<Manager, "set" | "time">, b: Omit<Manager, "set" | "time">): boolean {
  return (
    a.name === b.name &&
    a.operation === b.operation &&
    a.subresource === b.subresource &&
    (a.operation === "Apply" || a.apiVersion === b.apiVersion)
  );
}
